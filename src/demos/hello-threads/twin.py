"""Several threads greet; the main thread starts and joins them."""

import random
import sys
import threading
import time


def parameters():
    given = {"threads": "4", "greetings": "3", "pause_ms": "20", "joining": "all"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    # One write a line: print() alone writes the newline separately, and another thread may come between.
    print(" ".join(map(str, words)) + "\n", end="")


def main():
    given = parameters()
    count, greetings = int(given["threads"]), int(given["greetings"])
    join_each = given["joining"] == "each"
    finish = []

    def greet(number):
        for i in range(1, greetings + 1):
            say("hello from", threading.current_thread().name + ",", i, "of", greetings)
            time.sleep(random.uniform(0, 2) * float(given["pause_ms"]) / 1000)
        finish.append(number)

    def join(thread):
        thread.join()
        assert not thread.is_alive()
        say(threading.current_thread().name, "joined", thread.name)

    threads = [threading.Thread(target=greet, args=(i,), name=f"greeter-{i}")
               for i in range(1, count + 1)]
    for thread in threads:
        say(threading.current_thread().name, "starts", thread.name)
        thread.start()
        if join_each:
            join(thread)
    if not join_each:
        for thread in threads:
            join(thread)
    say("all", count, "threads have ended")


main()
