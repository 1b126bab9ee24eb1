"""The same tasks one after another, interleaved on one thread, and side by side on several."""

import sys
import threading
import time

FIRST_NUMBER = 1_000_000


def parameters():
    given = {"tasks": "4", "chunks": "6", "work": "compute", "size": "100000", "chunk_ms": "10",
             "threads": "4"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def is_prime(number):
    if number % 2 == 0:
        return number == 2
    divisor = 3
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 2
    return number > 1


class Task:
    def __init__(self, number):
        self.number = number
        self.letter = "ABCDEFGHIJKL"[number]
        self.primes = 0
        self.due = time.monotonic()


def main():
    given = parameters()
    chunks, size = int(given["chunks"]), int(given["size"])
    chunk_s = float(given["chunk_ms"]) / 1000
    threads = min(int(given["threads"]), int(given["tasks"]))
    compute = given["work"] == "compute"
    order = []

    def new_tasks():
        order.clear()
        return [Task(i) for i in range(int(given["tasks"]))]

    def do_chunk(task, chunk):
        order.append(task.letter)
        if not compute:
            time.sleep(chunk_s)
            return
        first = FIRST_NUMBER + (task.number * chunks + chunk) * size
        task.primes += sum(map(is_prime, range(first, first + size)))

    def begin_waiting(task):
        order.append(task.letter)
        task.due = time.monotonic() + chunk_s

    def wait_until_due(task):
        time.sleep(max(0, task.due - time.monotonic()))

    def one_after_another(tasks):
        for task in tasks:
            for chunk in range(chunks):
                do_chunk(task, chunk)

    def interleaved(tasks):
        for chunk in range(chunks):
            for task in tasks:
                if compute:
                    do_chunk(task, chunk)
                else:
                    # What an event loop does: it waits for whichever is due next while the others go on.
                    wait_until_due(task)
                    begin_waiting(task)
        for task in tasks:
            wait_until_due(task)

    def side_by_side(tasks):
        workers = [threading.Thread(target=one_after_another, args=(tasks[i::threads],),
                                    name=f"worker-{i + 1}")
                   for i in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    first = new_tasks()
    one_after_another(first)
    print("one after another:", "".join(order))
    second = new_tasks()
    interleaved(second)
    print("interleaved:", "".join(order))
    third = new_tasks()
    side_by_side(third)
    if compute:
        for task in third:
            print("task", task.letter, "found", task.primes, "primes")
        assert [task.primes for task in first] == [task.primes for task in second]
        assert [task.primes for task in first] == [task.primes for task in third]
    print("every way did", len(third), "tasks of", chunks, "chunks")


main()
