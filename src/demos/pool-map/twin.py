"""Squares numbers in a pool of processes, in chunks of several sizes."""

import multiprocessing
import sys
import time


def parameters():
    given = {"workers": "2", "numbers": "5000", "chunksize": "0"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def initialize(arrived):
    arrived.release()


def square(x):
    return x * x


def main():
    given = parameters()
    count, chosen = int(given["numbers"]), int(given["chunksize"])
    numbers = list(range(1, count + 1))
    sizes = [chosen] if chosen else [size for size in (1, 10, 100, 1000) if size <= count]
    workers = int(given["workers"])
    arrived = multiprocessing.Semaphore(0)
    with multiprocessing.Pool(workers, initialize, (arrived,)) as pool:
        for _ in range(workers):
            arrived.acquire()  # starting them is not measured
        for size in sizes:
            start = time.perf_counter()
            squares = pool.map(square, numbers, size)
            elapsed = time.perf_counter() - start
            assert elapsed > 0 and squares == [x * x for x in numbers]
            say("chunks of", size, "give", sum(squares))


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
