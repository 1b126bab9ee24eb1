"""Producers put items into a bounded queue, consumers take them out."""

import queue
import sys
import threading
import time

SENTINEL = -1
MOST_ITEMS_PRINTED = 500


def parameters():
    given = {"producers": "2", "consumers": "2", "capacity": "5", "items": "120",
             "produce_ms": "8", "consume_ms": "14", "spread": "60", "ending": "sentinel",
             "seed": "1"}
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


def main():
    given = parameters()
    producers, consumers = int(given["producers"]), int(given["consumers"])
    total, seed = int(given["items"]), int(given["seed"])
    spread = float(given["spread"]) / 100
    items = queue.Queue(int(given["capacity"]))
    # Queue.shutdown() came with Python 3.13.
    use_shutdown = given["ending"] == "shutdown" and hasattr(items, "shutdown")
    ended = queue.ShutDown if use_shutdown else ()

    def say(*words):
        if total <= MOST_ITEMS_PRINTED:
            print(" ".join(map(str, words)) + "\n", end="")

    def pace(mean_ms, uniform):
        time.sleep(mean_ms / 1000 * (1 + spread * (2 * next(uniform) - 1)))

    def produce(first):
        uniform = random_numbers(seed * 2 + (2 * first + 2) * 1000)
        for item in range(first, total, producers):
            pace(float(given["produce_ms"]), uniform)
            items.put(item)
            say("produced", item)

    def consume(number, got):
        uniform = random_numbers(seed * 2 + (2 * number + 1) * 1000)
        try:
            while (item := items.get()) != SENTINEL:
                pace(float(given["consume_ms"]), uniform)
                got.append(item)
                say("consumed", item)
        except ended:
            pass

    print(total, "items,", producers, "producers,", consumers, "consumers")
    got = [[] for _ in range(consumers)]
    consuming = [threading.Thread(target=consume, args=(i, got[i]), name=f"consumer-{i + 1}")
                 for i in range(consumers)]
    producing = [threading.Thread(target=produce, args=(i,), name=f"producer-{i + 1}")
                 for i in range(producers)]
    for thread in consuming + producing:
        thread.start()
    for thread in producing:
        thread.join()
    print("all items produced")
    if use_shutdown:
        items.shutdown()
    else:
        for _ in range(consumers):
            items.put(SENTINEL)
    for thread in consuming:
        thread.join()

    once = sorted(sum(got, [])) == list(range(total))
    print("every item arrived exactly once" if once else "items were lost or came twice")


main()
