"""One process puts items into a queue, another one gets them."""

import multiprocessing
import sys
import time


def parameters():
    given = {"items": "20", "capacity": "4", "produce_ms": "2", "consume_ms": "5"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def produce(queue, items, pause_ms):
    for i in range(1, items + 1):
        time.sleep(pause_ms / 1000)
        queue.put(i)
        say("producer put", i)
    queue.put(None)
    say("producer is done")


def consume(queue, sums, pause_ms):
    total = 0
    while (item := queue.get()) is not None:
        time.sleep(pause_ms / 1000)
        total += item
        say("consumer got", item)
    sums.put(total)
    say("consumer is done")


def main():
    given = parameters()
    items = int(given["items"])
    queue = multiprocessing.Queue(int(given["capacity"]))
    sums = multiprocessing.Queue()
    producer = multiprocessing.Process(target=produce, name="producer",
                                       args=(queue, items, float(given["produce_ms"])))
    consumer = multiprocessing.Process(target=consume, name="consumer",
                                       args=(queue, sums, float(given["consume_ms"])))
    producer.start()
    consumer.start()
    total = sums.get()
    producer.join()
    consumer.join()
    assert total == items * (items + 1) // 2
    say("the sum of", items, "items is", total)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
