"""Several threads add 1 to the same counter, with and without a lock, many times over."""

import sys
import threading


def parameters():
    given = {"protection": "none", "threads": "4", "increments": "50000", "repeats": "200"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def main():
    given = parameters()
    threads, increments = int(given["threads"]), int(given["increments"])
    repeats = int(given["repeats"])
    expected = threads * increments
    counter = 0
    lock = threading.Lock()
    finals = []
    print(threads, "threads add 1", increments, "times each: the counter should reach", expected)

    # Where CPython lets another thread run between the load and the store, an update is lost. Up to 3.9
    # that could be anywhere; since then it is where a function is called or a loop begins anew; without
    # a GIL it is anywhere again.
    def increment():
        nonlocal counter
        for _ in range(increments):
            counter += 1

    def increment_with_lock():
        nonlocal counter
        for _ in range(increments):
            with lock:
                counter += 1

    def reset():
        nonlocal counter
        counter = 0

    start = threading.Barrier(threads, reset)
    finish = threading.Barrier(threads, lambda: finals.append(counter))

    def add():
        for _ in range(repeats):
            start.wait()
            if given["protection"] == "lock":
                increment_with_lock()
            else:
                increment()
            finish.wait()

    running = [threading.Thread(target=add, name=f"adder-{i + 1}") for i in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if given["protection"] == "lock":
        assert finals == [expected] * repeats
        print("with the lock, no update was lost")
    else:
        print("without a lock, nobody can say what comes out")


main()
