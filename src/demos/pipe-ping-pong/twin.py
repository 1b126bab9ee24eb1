"""Two processes send a message to and fro through a pipe."""

import multiprocessing
import sys
import time


def parameters():
    given = {"rounds": "1000", "bytes": "64"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def echo(connection):
    answered = 0
    try:
        while True:
            connection.send_bytes(connection.recv_bytes())
            answered += 1
    except EOFError:
        say("echo: the other end was closed after", answered, "messages")


def main():
    given = parameters()
    rounds, size = int(given["rounds"]), int(given["bytes"])
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=echo, args=(there,), name="echo")
    process.start()
    there.close()
    message = bytes(i % 251 for i in range(size))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        here.send_bytes(message)
        assert here.recv_bytes() == message
        times.append(time.perf_counter() - start)
    here.close()
    process.join()
    say(rounds, "round trips of", size, "bytes each")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
