"""Counts the words of a text: by threads, then by processes. Map, then reduce."""

import multiprocessing
import pathlib
import re
import sys
import threading
from collections import Counter

TEXT = pathlib.Path(__file__).with_name("text.txt").read_text(encoding="utf-8")


def parameters():
    given = {"workers": "2", "copies": "400", "shown": "8"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def count_words(copies):
    """Map: the words of so many copies of the text."""
    counts = Counter()
    for _ in range(copies):
        for word in re.findall("[a-z]+", TEXT.lower()):
            counts[word] += 1
    return counts


def reduce(parts):
    total = Counter()
    for part in parts:
        total += part
    return total


def shares(copies, workers):
    return [copies * (i + 1) // workers - copies * i // workers for i in range(workers)]


def by_threads(copies, workers):
    parts = [None] * workers

    def work(place, share):
        parts[place] = count_words(share)

    threads = [threading.Thread(target=work, args=(place, share))
               for place, share in enumerate(shares(copies, workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reduce(parts)


def work_in_process(share, parts):
    parts.put(dict(count_words(share)))


def by_processes(copies, workers):
    parts = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work_in_process, args=(share, parts), name=f"counter-{i}")
                 for i, share in enumerate(shares(copies, workers), 1)]
    for process in processes:
        process.start()
    total = reduce(Counter(parts.get()) for _ in processes)
    for process in processes:
        process.join()
    return total


def main():
    given = parameters()
    copies, workers = int(given["copies"]), int(given["workers"])
    total = by_threads(copies, workers)
    assert total == by_processes(copies, workers)
    say(total.total(), "words,", len(total), "different ones")
    most = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    for word, times in most[:int(given["shown"])]:
        say(word, times)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
