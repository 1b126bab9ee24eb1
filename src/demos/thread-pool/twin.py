"""A pool of threads works through a list of tasks."""

import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

WIDTH, HEIGHT = 384, 256
MOST_ITERATIONS = 200
LEFT, TOP, PIXEL = -2.2, -1.1, 3.3 / WIDTH


def parameters():
    given = {"workers": "4", "tasks": "24", "work": "compute", "cost": "20", "spread": "50",
             "compare": "true", "seed": "1"}
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


def cut_into_tiles(count):
    rows = math.ceil(math.sqrt(count * HEIGHT / WIDTH))
    for row in range(rows):
        columns = count * (row + 1) // rows - count * row // rows
        top, bottom = HEIGHT * row // rows, HEIGHT * (row + 1) // rows
        for column in range(columns):
            left, right = WIDTH * column // columns, WIDTH * (column + 1) // columns
            yield left, top, right, bottom


def iterations_at(cr, ci):
    zr = zi = 0.0
    n = 0
    while n < MOST_ITERATIONS and zr * zr + zi * zi <= 4:
        zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
        n += 1
    return n


def fraction(x):
    return x - math.floor(x)


def render(tile, passes):
    left, top, right, bottom = tile
    iterations = 0
    for y in range(top, bottom):
        for x in range(left, right):
            for i in range(passes):
                dx = fraction(0.5 + i * 0.7548776662466927)
                dy = fraction(0.5 + i * 0.5698402909980532)
                iterations += iterations_at(LEFT + (x + dx) * PIXEL, TOP + (y + dy) * PIXEL)
    return iterations


def main():
    given = parameters()
    count, workers = int(given["tasks"]), int(given["workers"])
    cost, spread = float(given["cost"]), float(given["spread"])
    compute = given["work"] == "compute"
    uniform = random_numbers(int(given["seed"]))
    tasks = [(number, cost * (1 + spread / 100 * (2 * next(uniform) - 1)), tile)
             for number, tile in enumerate(cut_into_tiles(count), 1)]
    print(count, "tasks,", workers, "workers")

    def do(task):
        _, cost, tile = task
        if compute:
            return render(tile, max(1, math.floor(cost + 0.5)))
        time.sleep(cost / 1000)
        return 0

    def work(task):
        iterations = do(task)
        if compute:
            print(f"task {task[0]} computed {iterations} iterations\n", end="")
        else:
            print(f"task {task[0]} waited\n", end="")
        return iterations

    if given["compare"] == "true":
        for task in tasks:
            do(task)

    with ThreadPoolExecutor(workers, thread_name_prefix="worker") as pool:
        for _ in pool.map(work, tasks):
            pass
    print("all", count, "tasks done")


main()
