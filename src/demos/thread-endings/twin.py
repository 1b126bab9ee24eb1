"""Five threads, each of which ends in another way."""

import sys
import threading
import time


def parameters():
    given = {"steps": "8", "step_ms": "30", "fails_at": "3", "hook": "original"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="")


class StopSource:
    """Python has no stop token of its own; an Event is all that it takes."""

    def __init__(self):
        self.event = threading.Event()

    def request_stop(self):
        self.event.set()

    def stop_requested(self):
        return self.event.is_set()


def is_prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def main():
    given = parameters()
    steps, step = int(given["steps"]), float(given["step_ms"]) / 1000
    fails_at = min(steps, int(given["fails_at"]))
    stop = threading.Event()
    source = StopSource()

    def by_return():
        for _ in range(steps):
            time.sleep(step)
        say("by-return: did all", steps, "steps and returns")

    def by_exception():
        for _ in range(1, fails_at):
            time.sleep(step)
        say("by-exception: something is wrong at step", fails_at)
        raise ValueError(f"step {fails_at} failed")

    def by_system_exit(depth=0):
        if depth < 3:
            by_system_exit(depth + 1)
            return
        time.sleep(step)
        say("by-system-exit: is three calls deep and has enough")
        sys.exit()

    def by_flag():
        while not stop.wait(step):
            pass
        say("by-flag: the flag is set; tidies up and returns")

    def by_token(token):
        while not token.stop_requested():
            sum(map(is_prime, range(1000)))
        say("by-token: was asked to stop; tidies up and returns")

    def own_hook(args):
        why = "it wanted to" if args.exc_type is SystemExit else args.exc_value
        say("excepthook:", args.thread.name, "ended because", why)

    if given["hook"] == "own":
        threading.excepthook = own_hook

    def start(target, name, *args):
        thread = threading.Thread(target=target, name=name, args=args)
        thread.start()
        return thread

    def join(thread):
        thread.join()
        say(thread.name, "has ended")

    returns = start(by_return, "by-return")
    throws = start(by_exception, "by-exception")
    exits = start(by_system_exit, "by-system-exit")
    flag = start(by_flag, "by-flag")
    token = start(by_token, "by-token", source)

    join(throws)
    join(exits)
    join(returns)
    say("the first three have ended by themselves; the others are asked to")
    stop.set()
    join(flag)
    source.request_stop()
    join(token)
    say("no thread is left but", threading.current_thread().name)


main()
