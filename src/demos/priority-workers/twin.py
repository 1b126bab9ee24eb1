"""Workers take jobs from a priority queue."""

import queue
import sys
import threading
import time


def parameters():
    given = {"workers": "2", "jobs": "30", "priorities": "3", "arrival": "before",
             "arrive_ms": "12", "job_ms": "30", "spread": "50", "seed": "1"}
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


def main():
    given = parameters()
    workers, count = int(given["workers"]), int(given["jobs"])
    priorities = int(given["priorities"])
    all_before = given["arrival"] == "before"
    cost, spread = float(given["job_ms"]) / 1000, float(given["spread"]) / 100
    uniform = random_numbers(int(given["seed"]))
    jobs = queue.PriorityQueue()
    # Tuples are compared part by part: equal priorities are told apart by the number.
    coming = []
    for number in range(1, count + 1):
        priority = 1 + int(next(uniform) * priorities)
        coming.append((priority, number, cost * (1 + spread * (2 * next(uniform) - 1))))
    sentinel = (priorities + 1,)
    print(count, "jobs,", priorities, "priorities,", workers, "workers")

    def work():
        while (job := jobs.get()) != sentinel:
            priority, number, seconds = job
            print(f"job {number} of priority {priority}\n", end="")
            time.sleep(seconds)
            jobs.task_done()

    threads = [threading.Thread(target=work, name=f"worker-{i + 1}") for i in range(workers)]

    def start_workers():
        for thread in threads:
            thread.start()

    if not all_before:
        start_workers()
    for job in coming:
        if not all_before:
            time.sleep(float(given["arrive_ms"]) / 1000)
        jobs.put(job)
    if all_before:
        start_workers()
    for _ in range(workers):
        jobs.put(sentinel)
    for thread in threads:
        thread.join()
    print("all workers have gone home")


main()
