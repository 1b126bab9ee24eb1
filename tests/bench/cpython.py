"""CPython's own figures beside ours: tasks through ThreadPoolExecutor, items through Queue.

Best of a few rounds, as Python's timeit."""

import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

TASKS = 20_000
ROUNDS = 3


def rate(count, body):
    """Thousands a second of `count` things that `body` does."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        body()
        best = max(best, count / (time.perf_counter() - start))
    return best / 1000


def submit_all(pool):
    for future in [pool.submit(abs, -i) for i in range(TASKS)]:
        future.result()


def exchange(capacity):
    items = queue.Queue(capacity)

    def produce():
        for i in range(TASKS):
            items.put(i)

    producer = threading.Thread(target=produce)
    producer.start()
    for _ in range(TASKS):
        items.get()
    producer.join()


version = ".".join(map(str, sys.version_info[:3]))
for workers in (1, 2, 4):
    with ThreadPoolExecutor(workers) as pool:
        print(f"CPython {version}, submit, {workers} workers: {rate(TASKS, lambda: submit_all(pool)):.0f} k tasks/s")
for capacity in (1, 16, 1024, 0):
    print(f"CPython {version}, Queue({capacity}), 1p1c: {rate(TASKS, lambda: exchange(capacity)):.0f} k items/s")
