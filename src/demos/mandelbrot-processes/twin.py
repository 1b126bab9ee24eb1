"""Several processes draw one picture; each takes the next tile when it is done with one."""

import math
import multiprocessing
import sys

WIDTH, HEIGHT = 384, 256
MOST_ITERATIONS = 200
LEFT, TOP, PIXEL = -2.2, -1.1, 3.3 / WIDTH


def parameters():
    given = {"processes": "4", "tiles": "24", "passes": "6", "sharing": "queue", "compare": "true"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


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


def draw(all_there, numbers, results, tiles, passes):
    tile_of = list(cut_into_tiles(tiles))
    all_there.wait()
    while (number := numbers.get()) is not None:
        iterations = render(tile_of[number], passes)
        say("tile", number + 1, "took", iterations, "iterations")
        results.put(iterations)


def main():
    given = parameters()
    count, tiles, passes = int(given["processes"]), int(given["tiles"]), int(given["passes"])
    say(tiles, "tiles,", count, "processes")
    if given["compare"] == "true":
        for tile in cut_into_tiles(tiles):
            render(tile, passes)

    # One queue for all: who is done first takes the next. Or a queue each, dealt out beforehand.
    own = [multiprocessing.Queue() for _ in range(count)]
    shared = own[:1] * count if given["sharing"] == "queue" else own
    results = multiprocessing.Queue()
    all_there = multiprocessing.Barrier(count + 1)
    for number in range(tiles):
        shared[number % count].put(number)
    for queue in shared:
        queue.put(None)
    processes = [multiprocessing.Process(target=draw, name=f"painter-{i}",
                                         args=(all_there, queue, results, tiles, passes))
                 for i, queue in enumerate(shared, 1)]
    for process in processes:
        process.start()
    all_there.wait()
    iterations = sum(results.get() for _ in range(tiles))
    for process in processes:
        process.join()
    say("all", tiles, "tiles took", iterations, "iterations")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
