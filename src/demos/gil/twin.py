"""The same work on one thread, two, three, ...

Up to Python 3.12, and in most builds since, there is always a GIL: what is computed is the same with
and without it, and so is what this program prints. Only the times differ.
"""

import sys
import threading
import time

POINTS_IN_BLOCK = 1000
PIECE = 0.002


def parameters():
    given = {"work": "compute", "gil": "both", "threads": "4", "switch_interval": "5",
             "points": "60000", "pieces": "40"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def random_numbers(seed):
    """SplitMix64, from 0 to below 1."""
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield ((z ^ (z >> 31)) >> 11) * 2.0**-53


def count_inside(first_block, end_block):
    inside = 0
    for block in range(first_block, end_block):
        uniform = random_numbers(block)
        for _ in range(POINTS_IN_BLOCK):
            x, y = next(uniform), next(uniform)
            if x * x + y * y < 1:
                inside += 1
    return inside


def share_of(total, index, threads):
    return total * index // threads, total * (index + 1) // threads


class Work:
    """What there is to do, however many threads do it."""

    def __init__(self, given):
        self.computes = given["work"] != "wait"
        self.waits = given["work"] != "compute"
        self.blocks, self.pieces = int(given["points"]), int(given["pieces"])
        self.inside, self.waited = [], []  # what each thread has brought about

    def compute(self, first, end):
        self.inside.append(count_inside(first, end))

    def wait(self, first, end):
        for _ in range(first, end):
            time.sleep(PIECE)
        self.waited.append(end - first)

    def do_part(self, index, threads):
        if not self.waits:
            self.compute(*share_of(self.blocks, index, threads))
        elif not self.computes:
            self.wait(*share_of(self.pieces, index, threads))
        else:
            if index == 0:
                self.compute(0, self.blocks)
            if threads == 1:
                self.wait(0, self.pieces)
            if index > 0:
                self.wait(*share_of(self.pieces, index - 1, threads - 1))


def measure(gil, count, given):
    work = Work(given)
    threads = [threading.Thread(target=work.do_part, args=(i, count), name=f"worker-{i + 1}")
               for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if work.computes:
        print("GIL", gil, "threads", count, "points inside", sum(work.inside))
    if work.waits:
        print("GIL", gil, "threads", count, "waits", sum(work.waited))


def main():
    given = parameters()
    sys.setswitchinterval(float(given["switch_interval"]) / 1000)
    for gil in ("on", "off"):
        if given["gil"] in ("both", gil):
            for threads in range(1, int(given["threads"]) + 1):
                measure(gil, threads, given)


main()
