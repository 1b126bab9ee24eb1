"""All ways in which a process can end, and the exit code of each."""

import multiprocessing
import multiprocessing.connection
import os
import sys
import time


def parameters():
    given = {"status": "3", "work_ms": "30", "patience": "4"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def by_return(work_ms, status):
    time.sleep(work_ms / 1000)
    say("by-return: has done its work and returns")


def by_exception(work_ms, status):
    time.sleep(work_ms / 1000)
    say("by-exception: raises, and nobody catches it")
    raise ValueError("this was to be expected")


def by_exit(work_ms, status):
    time.sleep(work_ms / 1000)
    say("by-exit: calls exit with", status)
    sys.exit(status)


def by_os_exit(work_ms, status):
    time.sleep(work_ms / 1000)
    say("by-os-exit: calls _exit with", status + 1, "and tidies nothing up")
    os._exit(status + 1)


def endless(loops):
    say(multiprocessing.current_process().name + ": loops for ever")
    loops.send(True)
    while True:
        pass


def main():
    given = parameters()
    work_ms, status = float(given["work_ms"]), int(given["status"])

    def start(target, name):
        process = multiprocessing.Process(target=target, args=(work_ms, status), name=name)
        process.start()
        return process

    def start_endless(name):
        told, loops = multiprocessing.Pipe(False)
        process = multiprocessing.Process(target=endless, args=(loops,), name=name)
        process.start()
        # It may be killed by hand before it loops.
        multiprocessing.connection.wait([told, process.sentinel])
        return process

    def report(process):
        process.join()
        say(process.name, "has ended, exit code", process.exitcode)

    by_themselves = [start(by_return, "by-return"), start(by_exception, "by-exception"),
                     start(by_exit, "by-exit"), start(by_os_exit, "by-os-exit")]
    terminated = start_endless("by-terminate")
    killed = start_endless("by-kill")
    for process in by_themselves:
        report(process)
    terminated.terminate()
    report(terminated)
    killed.kill()
    report(killed)

    patience = float(given["patience"])
    if patience > 0:
        yours = start_endless("yours")
        yours.join(patience)
        yours.kill()
        yours.join()
        say("yours has ended, too")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
