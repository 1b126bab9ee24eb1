"""Philosophers at a round table need two forks to eat."""

import random
import sys
import threading
import time


def parameters():
    given = {"strategy": "ordered", "philosophers": "5", "meals": "200", "think_ms": "4",
             "eat_ms": "6", "timeout_ms": "5", "meet": "false", "seed": "1"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


class Table:
    def __init__(self, given):
        seats = int(given["philosophers"])
        self.strategy = given["strategy"]
        self.timeout = float(given["timeout_ms"]) / 1000
        self.forks = [threading.Lock() for _ in range(seats)]
        self.waiter = threading.Semaphore(seats - 1)
        meet = self.strategy == "naive" and given["meet"] == "true"
        self.all_hold_one = threading.Barrier(seats) if meet else None
        self.met = [False] * seats
        self.pot = threading.Lock()
        self.portions = int(given["meals"])
        self.eaten = 0

    def forks_of(self, seat):
        return self.forks[seat], self.forks[(seat + 1) % len(self.forks)]

    def take_forks(self, seat, uniform):
        left, right = self.forks_of(seat)
        if self.strategy == "ordered":
            last = seat + 1 == len(self.forks)
            (right if last else left).acquire()
            (left if last else right).acquire()
        elif self.strategy == "waiter":
            self.waiter.acquire()
            left.acquire()
            right.acquire()
        elif self.strategy == "timeout":
            left.acquire()
            while not right.acquire(timeout=self.timeout):
                left.release()
                time.sleep(uniform(0, 2) * self.timeout)
                left.acquire()
        else:
            left.acquire()
            if self.all_hold_one and not self.met[seat]:
                self.met[seat] = True
                self.all_hold_one.wait()
            right.acquire()

    def put_forks_down(self, seat):
        for fork in self.forks_of(seat):
            fork.release()
        if self.strategy == "waiter":
            self.waiter.release()

    def take_portion(self):
        with self.pot:
            if self.portions == 0:
                return False
            self.portions -= 1
            self.eaten += 1
            return True


def main():
    given = parameters()
    count = int(given["philosophers"])
    table = Table(given)
    print(count, "philosophers share", given["meals"], "portions")

    def dine(seat):
        uniform = random.Random(int(given["seed"]) * 1000 + seat).uniform

        def take_time(name):
            time.sleep(float(given[name]) / 1000 * uniform(0.5, 1.5))

        eating = True
        while eating:
            take_time("think_ms")
            table.take_forks(seat, uniform)
            eating = table.take_portion()
            if eating:
                take_time("eat_ms")
            table.put_forks_down(seat)

    threads = [threading.Thread(target=dine, args=(i,), name=f"philosopher-{i + 1}")
               for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
        print(thread.name, "leaves the table")
    print(table.eaten, "portions were eaten")


main()
