"""Workers do their work in phases and meet at a barrier after each."""

import sys
import threading
import time


def parameters():
    given = {"workers": "4", "phases": "6", "work_ms": "80", "spread": "70", "abort_in_phase": "0",
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
    workers, phases = int(given["workers"]), int(given["phases"])
    gives_up = int(given["abort_in_phase"])
    passed = 0

    def say(*words):
        print(" ".join(map(str, words)) + "\n", end="")

    def phase_is_done():
        nonlocal passed
        passed += 1
        say("phase", passed, "is done")

    barrier = threading.Barrier(workers, phase_is_done)

    def work(number):
        uniform = random_numbers(int(given["seed"]) + number * 1000)
        spread = float(given["spread"]) / 100
        try:
            for phase in range(1, phases + 1):
                time.sleep(float(given["work_ms"]) / 1000 * (1 + spread * (2 * next(uniform) - 1)))
                if number == 1 and phase == gives_up:
                    say("worker 1 gives up in phase", phase)
                    barrier.abort()
                    return
                barrier.wait()
            say("worker", number, "has done all phases")
        except threading.BrokenBarrierError:
            say("worker", number, "finds the barrier broken")

    print(workers, "workers,", phases, "phases")
    threads = [threading.Thread(target=work, args=(number,), name=f"worker-{number}")
               for number in range(1, workers + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
