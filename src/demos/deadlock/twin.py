"""Clerks in a ring move money between accounts; each transfer needs two locks."""

import random
import sys
import threading
import time

BALANCE = 1000


def parameters():
    given = {"cure": "none", "clerks": "2", "transfers": "5", "meet": "true", "hold_ms": "5",
             "timeout_ms": "30", "pause_ms": "20", "seed": "1"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="")


class Account:
    def __init__(self, number):
        self.number = number
        self.letter = "ABCDEFGHIJKL"[number]
        self.lock = threading.Lock()
        self.balance = BALANCE


def main():
    given = parameters()
    clerks, transfers = int(given["clerks"]), int(given["transfers"])
    hold, timeout, pause = (float(given[name]) / 1000
                            for name in ("hold_ms", "timeout_ms", "pause_ms"))
    accounts = [Account(i) for i in range(clerks)]
    all_hold_one = threading.Barrier(clerks)

    def move_money(source, target):
        source.balance -= 1
        target.balance += 1

    def between_the_locks(meets):
        if meets:
            all_hold_one.wait()
        time.sleep(hold)

    def transfer_naively(source, target, meets):
        with source.lock:
            between_the_locks(meets)
            with target.lock:
                move_money(source, target)

    def transfer_in_order(source, target):
        first, second = sorted((source, target), key=lambda account: account.number)
        with first.lock:
            time.sleep(hold)
            with second.lock:
                move_money(source, target)

    def try_transfer(source, target, meets):
        with source.lock:
            between_the_locks(meets)
            if not target.lock.acquire(timeout=timeout):
                return False
            move_money(source, target)
            target.lock.release()
            return True

    def transfer_with_timeout(source, target, meets, uniform):
        while not try_transfer(source, target, meets):
            meets = False
            time.sleep(pause * uniform(0, 2))

    def work(number):
        uniform = random.Random(int(given["seed"]) * 1000 + number).uniform
        source, target = accounts[number], accounts[(number + 1) % clerks]
        for i in range(1, transfers + 1):
            meets = i == 1 and given["meet"] == "true"
            if given["cure"] == "order":
                transfer_in_order(source, target)
            elif given["cure"] == "timeout":
                transfer_with_timeout(source, target, meets, uniform)
            else:
                # CPython does not notice a deadlock: the program stands still for ever.
                transfer_naively(source, target, meets)
            say(threading.current_thread().name, "moved 1 from", source.letter, "to",
                target.letter + ",", i, "of", transfers)

    for i in range(clerks):
        say(f"clerk-{i + 1}", "moves money from", accounts[i].letter, "to",
            accounts[(i + 1) % clerks].letter)
    threads = [threading.Thread(target=work, args=(i,), name=f"clerk-{i + 1}")
               for i in range(clerks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("all transfers are done, the accounts hold", sum(a.balance for a in accounts), "in all")


main()
