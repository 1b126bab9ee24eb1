"""Workers and savers; the process waits for those that are no daemons."""

import sys
import threading
import time


def parameters():
    given = {"workers": "2", "work_ms": "400", "savers": "2", "daemon": "true", "saves": "20",
             "save_ms": "60"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def main():
    given = parameters()
    workers, savers = int(given["workers"]), int(given["savers"])
    daemon = given["daemon"] == "true"
    under_way = threading.Semaphore(0)
    say(workers, "workers,", savers, "savers, which are daemons" if daemon else "savers")

    def work():
        say(threading.current_thread().name, "begins")
        time.sleep(float(given["work_ms"]) / 1000)
        say(threading.current_thread().name, "is done")

    def save():
        name = threading.current_thread().name
        for i in range(1, int(given["saves"]) + 1):
            say(name, "begins save", i)
            if i == 1:
                under_way.release()
            time.sleep(float(given["save_ms"]) / 1000)
            say(name, "finished save", i)
        say(name, "is done")

    for i in range(1, savers + 1):
        threading.Thread(target=save, name=f"saver-{i}", daemon=daemon).start()
    for _ in range(savers):
        under_way.acquire()
    for i in range(1, workers + 1):
        threading.Thread(target=work, name=f"worker-{i}", daemon=False).start()
    say(threading.current_thread().name, "has nothing more to do")


main()
