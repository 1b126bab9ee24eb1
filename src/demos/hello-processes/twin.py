"""Several processes greet; the first one starts and joins them."""

import multiprocessing
import os
import sys
import time


def parameters():
    given = {"processes": "3", "greetings": "2", "pause_ms": "10"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def greet(greetings, pause_ms, parent_pid):
    me, parent = multiprocessing.current_process(), multiprocessing.parent_process()
    say(me.name, "is a child of", parent.name)
    if me.pid != os.getpid() or parent.pid != parent_pid:
        sys.exit(1)
    for i in range(1, greetings + 1):
        say("hello from", me.name + ",", i, "of", greetings)
        time.sleep(pause_ms / 1000)


def main():
    given = parameters()
    count, greetings = int(given["processes"]), int(given["greetings"])
    me = multiprocessing.current_process()
    processes = [
        multiprocessing.Process(target=greet, name=f"greeter-{i}",
                                args=(greetings, float(given["pause_ms"]), os.getpid()))
        for i in range(1, count + 1)]
    for process in processes:
        say(me.name, "starts", process.name)
        process.start()
    assert len({me.pid, *(process.pid for process in processes)}) == count + 1
    for process in processes:
        process.join()
        say(me.name, "joined", process.name + ", exit code", process.exitcode)
    say("all", count, "processes have ended")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
