"""Processes add to one value in memory that they share, with and without its lock."""

import multiprocessing
import sys


def parameters():
    given = {"protection": "none", "processes": "2", "increments": "2000", "repeats": "20"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def add(counter, barrier, increments, repeats, locks):
    for _ in range(repeats):
        barrier.wait()  # all begin together
        for _ in range(increments):
            if locks:
                with counter.get_lock():
                    counter.value += 1
            else:
                counter.value += 1
        barrier.wait()  # all are done
        barrier.wait()  # the main process has looked


def main():
    given = parameters()
    count, increments = int(given["processes"]), int(given["increments"])
    repeats, locks = int(given["repeats"]), given["protection"] == "lock"
    expected = count * increments
    say(count, "processes add 1", increments, "times each: the value should reach", expected)

    counter = multiprocessing.Value("q", 0) if locks else multiprocessing.RawValue("q", 0)
    barrier = multiprocessing.Barrier(count + 1)
    processes = [multiprocessing.Process(target=add, name=f"adder-{i}",
                                         args=(counter, barrier, increments, repeats, locks))
                 for i in range(1, count + 1)]
    for process in processes:
        process.start()
    wrong = 0
    for _ in range(repeats):
        barrier.wait()
        barrier.wait()
        wrong += counter.value != expected
        counter.value = 0
        barrier.wait()
    for process in processes:
        process.join()
    if locks:
        assert wrong == 0
        say("with its lock, no update was lost")
    else:
        say("without its lock, nobody can say what comes out")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
