"""A pool of processes: more jobs than workers, so jobs wait for a worker."""

import multiprocessing
import os
import sys
import time


def parameters():
    given = {"workers": "3", "jobs": "5", "job_ms": "200", "maxtasksperchild": "0"}
    given.update(argument.split("=", 1) for argument in sys.argv[1:])
    return given


def say(*words):
    print(" ".join(map(str, words)) + "\n", end="", flush=True)


def initialize(arrived):
    arrived.release()


def job(number, job_ms):
    say("job", number, "begins")
    time.sleep(job_ms / 1000)
    say("job", number, "is done")
    return os.getpid()


def main():
    given = parameters()
    workers, jobs = int(given["workers"]), int(given["jobs"])
    job_ms, most = float(given["job_ms"]), int(given["maxtasksperchild"])
    say(jobs, "jobs,", workers, "workers")
    told = []
    arrived = multiprocessing.Semaphore(0)
    pool = multiprocessing.Pool(workers, initialize, (arrived,), maxtasksperchild=most or None)
    for _ in range(workers):
        arrived.acquire()
    say("all", workers, "workers are there")
    results = [pool.apply_async(job, (number, job_ms), callback=told.append)
               for number in range(1, jobs + 1)]
    say("all jobs are submitted")
    pool.close()
    pool.join()
    assert len(told) == jobs
    pids = {result.get() for result in results}
    assert most or len(pids) <= workers
    say("all", jobs, "jobs are done")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
