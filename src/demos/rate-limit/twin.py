"""A semaphore limits how many requests are under way at once."""

import sys
import threading
import time


def parameters():
    given = {"clients": "12", "requests": "4", "limit": "8", "smaller": "true", "answer_ms": "30",
             "spread": "50", "seed": "1"}
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


def limits_up_to(limit):
    """1, 2, 4, ... and at last the limit itself."""
    each = 1
    while each < limit:
        yield each
        each *= 2
    yield limit


def main():
    given = parameters()
    clients, requests, limit = int(given["clients"]), int(given["requests"]), int(given["limit"])
    answer, spread = float(given["answer_ms"]) / 1000, float(given["spread"]) / 100

    def ask(number, permits, limit):
        uniform = random_numbers(int(given["seed"]) + number * 1000)
        for _ in range(requests):
            with permits:
                time.sleep(answer * (1 + spread * (2 * next(uniform) - 1)))
        print(f"limit {limit} client {number} has its answers\n", end="")

    def measure(limit):
        permits = threading.BoundedSemaphore(limit)
        threads = [threading.Thread(target=ask, args=(number, permits, limit),
                                    name=f"client-{number}")
                   for number in range(1, clients + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("limit", limit, "all", clients * requests, "requests answered")

    print(clients, "clients,", requests, "requests each")
    for each in limits_up_to(limit) if given["smaller"] == "true" else [limit]:
        measure(each)


main()
