"""CPython's own figures beside ours: start -> join of a process that does nothing."""

import multiprocessing
import statistics
import sys
import time

ROUNDS = 20


def nothing():
    pass


if __name__ == "__main__":
    version = ".".join(map(str, sys.version_info[:3]))
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            process = context.Process(target=nothing)
            process.start()
            process.join()
            times.append(1000 * (time.perf_counter() - start))
        print(f"CPython {version}, {method}, start -> join: {statistics.median(times):.1f} ms")
