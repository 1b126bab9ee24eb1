"""Readers and writers share a table, behind one lock or behind a read-write lock."""

import contextlib
import sys
import threading
import time


def parameters():
    given = {"lock": "both", "readers": "6", "writers": "2", "reads": "20", "writes": "8",
             "read_ms": "4", "write_ms": "6", "pause_ms": "10", "seed": "1"}
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


class ReadWriteLock:
    """Python has none, but a Condition makes one. Readers wait behind a writer that waits."""

    def __init__(self):
        self.changed = threading.Condition()
        self.readers = self.waiting_writers = 0
        self.written = False

    @contextlib.contextmanager
    def reading(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.written and self.waiting_writers == 0)
            self.readers += 1
        try:
            yield
        finally:
            with self.changed:
                self.readers -= 1
                self.changed.notify_all()

    @contextlib.contextmanager
    def writing(self):
        with self.changed:
            self.waiting_writers += 1
            self.changed.wait_for(lambda: not self.written and self.readers == 0)
            self.waiting_writers -= 1
            self.written = True
        try:
            yield
        finally:
            with self.changed:
                self.written = False
                self.changed.notify_all()


class OneLock:
    """A Lock that makes no difference between readers and writers."""

    def __init__(self):
        self.lock = threading.Lock()

    def reading(self):
        return self.lock

    def writing(self):
        return self.lock


class Table:
    """Cells that are all equal, except while somebody writes them."""

    def __init__(self, lock):
        self.lock = lock
        self.cells = [0] * 8

    def read(self, seconds):
        with self.lock.reading():
            first = self.cells[0]
            time.sleep(seconds)
            return all(cell == first for cell in self.cells)

    def write(self, seconds):
        with self.lock.writing():
            for i in range(4):
                self.cells[i] += 1
            time.sleep(seconds)
            for i in range(4, 8):
                self.cells[i] += 1


def main():
    given = parameters()
    readers, writers = int(given["readers"]), int(given["writers"])
    reads, writes = int(given["reads"]), int(given["writes"])
    read_time, write_time = float(given["read_ms"]) / 1000, float(given["write_ms"]) / 1000
    print(readers, "readers,", writers, "writers")

    def pause(uniform):
        time.sleep(float(given["pause_ms"]) / 1000 * 2 * next(uniform))

    def read_often(table, number, torn):
        uniform = random_numbers(int(given["seed"]) + number * 1000)
        for _ in range(reads):
            pause(uniform)
            if not table.read(read_time):
                torn.append(number)
        print(f"reader {number} has read {reads} times\n", end="")

    def write_often(table, number):
        uniform = random_numbers(int(given["seed"]) - number * 1000)
        for _ in range(writes):
            pause(uniform)
            table.write(write_time)
        print(f"writer {number} has written {writes} times\n", end="")

    def measure(name, lock):
        table = Table(lock)
        torn = []
        threads = [threading.Thread(target=read_often, args=(table, i, torn), name=f"reader-{i}")
                   for i in range(1, readers + 1)]
        threads += [threading.Thread(target=write_often, args=(table, i), name=f"writer-{i}")
                    for i in range(1, writers + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("with a", name, "the table was written", table.cells[0], "times;", len(torn),
              "reads saw half a write")

    if given["lock"] != "read_write":
        measure("Lock", OneLock())
    if given["lock"] != "lock":
        measure("ReadWriteLock", ReadWriteLock())


main()
