"""CPython's own figures beside ours: processes that do nothing, a pipe, a queue, a pool of two."""

import functools
import multiprocessing
import statistics
import sys
import time

ROUNDS = 20
SMALL = bytes(64)
LARGE = bytes(1 << 20)

version = ".".join(map(str, sys.version_info[:3]))


def report(name, value):
    print(f"CPython {version}, {name}: {value}", flush=True)


def nothing():
    pass


def spin():
    while True:
        pass


def echo(connection):
    try:
        while True:
            connection.send_bytes(connection.recv_bytes())
    except EOFError:
        pass


def swallow(connection, messages):
    for _ in range(messages):
        connection.recv_bytes()
    connection.send_bytes(b"x")


def swallow_items(items, connection, count):
    for _ in range(count):
        items.get()
    connection.send_bytes(b"x")


def square(x):
    return x * x


def start_and_join(context):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        process = context.Process(target=nothing)
        process.start()
        process.join()
        times.append(1000 * (time.perf_counter() - start))
    return f"{statistics.median(times):.1f} ms"


def kill_and_join(context):
    times = []
    for _ in range(ROUNDS):
        process = context.Process(target=spin)
        process.start()
        time.sleep(0.15)
        start = time.perf_counter()
        process.kill()
        process.join()
        times.append(1000 * (time.perf_counter() - start))
    return f"{statistics.median(times):.1f} ms"


def round_trip(context):
    here, there = context.Pipe()
    process = context.Process(target=echo, args=(there,))
    process.start()
    there.close()
    times = []
    for _ in range(10_000):
        start = time.perf_counter()
        here.send_bytes(SMALL)
        here.recv_bytes()
        times.append(1e6 * (time.perf_counter() - start))
    here.close()
    process.join()
    return f"{statistics.median(times):.1f} us"


def rate(process, here, send, count):
    """Messages a second: the process says on the other end of `here` that it has all of them."""
    process.start()
    send()  # it runs
    start = time.perf_counter()
    for _ in range(count - 1):
        send()
    here.recv_bytes()
    elapsed = time.perf_counter() - start
    process.join()
    return count / elapsed


def stream(context, message, count):
    here, there = context.Pipe()
    process = context.Process(target=swallow, args=(there, count))
    messages = rate(process, here, functools.partial(here.send_bytes, message), count)
    return f"{messages / 1000:.0f} thousand messages/s, {messages * len(message) / 1e9:.2f} GB/s"


def queue(context, maxsize, count):
    items = context.Queue(maxsize)
    here, there = context.Pipe()
    process = context.Process(target=swallow_items, args=(items, there, count))
    return f"{rate(process, here, functools.partial(items.put, SMALL), count) / 1000:.0f} thousand items/s"


def tasks(context, count):
    with context.Pool(2) as pool:
        rates = []
        for _ in range(3):
            start = time.perf_counter()
            pool.map(square, range(count), 1)
            rates.append(count / (time.perf_counter() - start))
    return f"{statistics.median(rates) / 1000:.0f} k tasks/s"


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        report(f"{method}, start -> join", start_and_join(multiprocessing.get_context(method)))
    spawn = multiprocessing.get_context("spawn")
    report("kill -> join", kill_and_join(spawn))
    report("pipe round trip, 64 bytes", round_trip(spawn))
    report("pipe, 64 bytes", stream(spawn, SMALL, 100_000))
    report("pipe, 1 MB", stream(spawn, LARGE, 500))
    report("queue, 64 bytes, no limit", queue(spawn, 0, 50_000))
    report("queue, 64 bytes, maxsize 100", queue(spawn, 100, 50_000))
    report("Pool(2).map, chunksize 1", tasks(spawn, 20_000))
