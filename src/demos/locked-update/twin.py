"""Threads update a score that must come back to its start."""

import sys
import threading

BATCH = 1000


def parameters():
    given = {"locking": "update", "threads": "10", "rounds": "100000", "points": "5",
             "score": "100"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def main():
    given = parameters()
    count, rounds = int(given["threads"]), int(given["rounds"])
    points, locking = int(given["points"]), given["locking"]
    score = int(given["score"])
    lock = threading.Lock()
    print("the score is", score)
    print(count, "threads add and take away", points, "points,", rounds, "times each")

    def play(times):
        nonlocal score
        for _ in range(times):
            score += points
            score -= points

    def play_with_lock(times):
        nonlocal score
        for _ in range(times):
            with lock:
                score += points
            with lock:
                score -= points

    def player():
        for done in range(0, rounds, BATCH):
            times = min(BATCH, rounds - done)
            if locking == "batch":
                with lock:
                    play(times)
            elif locking == "update":
                play_with_lock(times)
            else:
                play(times)

    threads = [threading.Thread(target=player, name=f"player-{i + 1}") for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if locking == "none":
        print("without a lock, nobody can say what the score is now")
    else:
        print("the score is", score, "again")


main()
