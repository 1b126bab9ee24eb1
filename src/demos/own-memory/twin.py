"""A global variable that threads share and processes do not."""

import multiprocessing
import sys
import threading

counter = 0
lock = threading.Lock()


def parameters():
    given = {"processes": "2", "threads": "2", "add": "5", "start": "100"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def add_by_threads(threads, add):
    def work():
        global counter
        for _ in range(add):
            with lock:
                counter += 1

    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    me = multiprocessing.current_process().name
    say(me + ":", threads, "threads have added", add, "each, counter is", counter)


def child(threads, add):
    say(multiprocessing.current_process().name + ": counter begins at", counter)
    add_by_threads(threads, add)


def main():
    global counter
    given = parameters()
    threads, add = int(given["threads"]), int(given["add"])
    counter = int(given["start"])
    say("MainProcess: counter is set to", counter)
    add_by_threads(threads, add)
    before = counter
    processes = [multiprocessing.Process(target=child, args=(threads, add), name=f"adder-{i}")
                 for i in range(1, int(given["processes"]) + 1)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert counter == before
    say("MainProcess: counter is still", counter)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
