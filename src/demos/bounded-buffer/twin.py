"""A bounded buffer made by hand from a lock and conditions."""

import sys
import threading
import time

MOST_ITEMS_PRINTED = 500
NOTHING = -1


def parameters():
    given = {"way": "right", "producers": "2", "consumers": "3", "capacity": "2", "items": "300",
             "produce_ms": "5", "consume_ms": "8", "spread": "60", "seed": "1"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def random_numbers(seed):
    """SplitMix64, from 0 to below 1."""
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield ((z ^ (z >> 31)) >> 11) * 2.0**-53


class Slots:
    """A ring of slots. It neither waits nor asks whether there is room: its user has to."""

    def __init__(self, capacity):
        self.slots = [NOTHING] * capacity
        self.first = self.count = 0

    def put(self, item):
        self.slots[(self.first + self.count) % len(self.slots)] = item
        self.count += 1

    def take(self):
        item = self.slots[self.first % len(self.slots)]
        self.first += 1
        self.count -= 1
        return item


class BoundedBuffer:
    """What queue.Queue does, by hand: put waits while it is full, take while it is empty."""

    def __init__(self, capacity, way):
        self.way = way
        self.slots = Slots(capacity)
        self.capacity = capacity
        self.lock = threading.Lock()
        self.room = threading.Condition(self.lock)
        together = way in ("notify_all", "one_notify")
        self.items = self.room if together else threading.Condition(self.lock)

    def put(self, item):
        with self.lock:
            self.wait(self.room, lambda: self.slots.count < self.capacity)
            self.slots.put(item)
            self.notify(self.items)

    def take(self):
        with self.lock:
            self.wait(self.items, lambda: self.slots.count > 0)
            item = self.slots.take()
            if self.way != "no_notify":
                self.notify(self.room)
            return item

    def wait(self, condition, ready):
        if self.way != "if":
            condition.wait_for(ready)  # while not ready(): condition.wait()
        elif not ready():
            condition.wait()

    def notify(self, condition):
        if self.way == "notify_all":
            condition.notify_all()
        else:
            condition.notify()


def main():
    given = parameters()
    producers, consumers = int(given["producers"]), int(given["consumers"])
    total, seed = int(given["items"]), int(given["seed"])
    capacity = int(given["capacity"])
    spread = float(given["spread"]) / 100
    buffer = BoundedBuffer(capacity, given["way"])
    claims = iter(range(total))  # consumers agree beforehand who takes how many

    def say(*words):
        if total <= MOST_ITEMS_PRINTED:
            print(" ".join(map(str, words)) + "\n", end="")

    def pace(mean_ms, uniform):
        time.sleep(mean_ms / 1000 * (1 + spread * (2 * next(uniform) - 1)))

    def produce(first):
        uniform = random_numbers(seed * 2 + (2 * first + 2) * 1000)
        for item in range(first, total, producers):
            pace(float(given["produce_ms"]), uniform)
            buffer.put(item)
            say("produced", item)

    def consume(number, taken):
        uniform = random_numbers(seed * 2 + (2 * number + 1) * 1000)
        for _ in claims:
            item = buffer.take()
            pace(float(given["consume_ms"]), uniform)
            taken.append(item)
            say("consumed", item)

    print(total, "items,", producers, "producers,", consumers, "consumers, room for", capacity)
    taken = [[] for _ in range(consumers)]
    threads = [threading.Thread(target=consume, args=(i, taken[i]), name=f"consumer-{i + 1}")
               for i in range(consumers)]
    threads += [threading.Thread(target=produce, args=(i,), name=f"producer-{i + 1}")
                for i in range(producers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    items = sum(taken, [])
    lost = total - len(set(items) - {NOTHING})
    repeated = sum(items.count(item) > 1 for item in set(items) - {NOTHING})
    if lost == 0 and repeated == 0:
        print("every item arrived exactly once")
    else:
        print(lost, "items were lost,", repeated, "came more than once")


main()
