"""Two ways to collect the results of a pool: map and as_completed."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor, TimeoutError, as_completed


def parameters():
    given = {"way": "both", "tasks": "12", "workers": "4", "cost_ms": "80", "spread": "90",
             "failing": "0", "timeout_ms": "0", "seed": "1"}
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
    count, workers = int(given["tasks"]), int(given["workers"])
    cost, spread = float(given["cost_ms"]) / 1000, float(given["spread"]) / 100
    failing = int(given["failing"])
    timeout = float(given["timeout_ms"]) / 1000 or None
    uniform = random_numbers(int(given["seed"]))
    costs = [cost * (1 + spread * (2 * next(uniform) - 1)) for _ in range(count)]
    numbers = range(1, count + 1)

    def square(number):
        time.sleep(costs[number - 1])
        if number == failing:
            raise ValueError(f"task {number} can't be done")
        return number * number

    def use_map():
        with ThreadPoolExecutor(workers, thread_name_prefix="map") as pool:
            try:
                for number, result in zip(numbers, pool.map(square, numbers, timeout=timeout)):
                    print("map gives", number, "squared:", result)
            except ValueError as error:
                print("map says:", error)
            except TimeoutError:
                print("map says: out of time")

    def use_as_completed():
        with ThreadPoolExecutor(workers, thread_name_prefix="pool") as pool:
            tasks = {pool.submit(square, number): number for number in numbers}
            try:
                for future in as_completed(tasks, timeout):
                    try:
                        print("as_completed gives", tasks[future], "squared:", future.result())
                    except ValueError as error:
                        print("as_completed says:", error)
            except TimeoutError:
                print("as_completed says: out of time")
                pool.shutdown(wait=False, cancel_futures=True)

    print(count, "tasks,", workers, "workers")
    if given["way"] != "as_completed":
        use_map()
    if given["way"] != "map":
        use_as_completed()


main()
