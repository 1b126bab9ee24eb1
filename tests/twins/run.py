"""Runs each demo and its Python twin with the same parameters and compares what they print.

    run.py WEFT [DEMO]      WEFT: the weft command; DEMO: only this one

Lines are compared after sorting: concurrency may reorder them, but it may not change them.
"""

import difflib
import pathlib
import subprocess
import sys

DEMOS = pathlib.Path(__file__).resolve().parents[2] / "src" / "demos"
SECONDS = 60

# CPython's print() writes a line and its end one after the other, so that lines of threads mix. Only here does that
# matter: the twin is a program as a reader would write it.
RUN_TWIN = """
import builtins, runpy, sys

def print_line(*values, sep=" ", end="\\n", file=None, flush=False):
    out = sys.stdout if file is None else file
    out.write(sep.join(map(str, values)) + end)
    if flush:
        out.flush()

builtins.print = print_line
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

# Small enough for Python, and unlike the defaults.
PARAMETERS = {
    "barrier-phases": [
        "workers=3 phases=4 work_ms=2 spread=100 seed=7",
        "workers=5 phases=6 work_ms=1 abort_in_phase=3",
        "workers=8 phases=20 work_ms=0",
        "workers=2 phases=2 work_ms=0 abort_in_phase=1",
        "workers=4 phases=3 work_ms=0 abort_in_phase=3 seed=2",
        "workers=2 phases=1 work_ms=1 abort_in_phase=2",
    ],
    "bounded-buffer": [
        "producers=3 consumers=2 capacity=1 items=41 produce_ms=1 consume_ms=1 seed=5",
        "way=notify_all producers=4 consumers=4 capacity=3 items=60 produce_ms=0 consume_ms=1 spread=100",
        "way=if producers=1 consumers=1 capacity=2 items=50 produce_ms=0 consume_ms=0",
        "way=one_notify producers=1 consumers=1 capacity=1 items=50 produce_ms=1 consume_ms=0",
        "way=no_notify producers=3 consumers=2 capacity=64 items=64 produce_ms=0 consume_ms=0",
        "producers=16 consumers=16 capacity=2 items=501 produce_ms=0 consume_ms=0",
    ],
    "concurrency-parallelism": [
        "tasks=3 chunks=4 size=300 threads=2",
        "tasks=5 chunks=1 size=1000 threads=12",
        "tasks=2 chunks=20 work=wait chunk_ms=1 threads=1",
        "tasks=12 chunks=3 work=wait chunk_ms=0 threads=5",
    ],
    # How far daemons get is a matter of time, unless their first save never comes to its end.
    "daemon-threads": [
        "daemon=true workers=2 work_ms=20 savers=3 save_ms=10000",
        "daemon=true workers=0 savers=1 save_ms=10000",
        "daemon=false workers=3 work_ms=5 savers=2 saves=4 save_ms=3",
        "daemon=false workers=0 savers=5 saves=2 save_ms=0",
    ],
    "deadlock": [
        "cure=order clerks=2 transfers=7 hold_ms=1",
        "cure=order clerks=7 transfers=3 hold_ms=0 meet=false",
        "cure=timeout clerks=2 transfers=4 hold_ms=1 timeout_ms=5 pause_ms=3 seed=8",
        "cure=timeout clerks=5 transfers=2 hold_ms=0 timeout_ms=1 pause_ms=4 meet=false",
    ],
    "dining-philosophers": [
        "strategy=ordered philosophers=3 meals=31 think_ms=1 eat_ms=1 seed=3",
        "strategy=waiter philosophers=7 meals=40 think_ms=0 eat_ms=1",
        "strategy=timeout philosophers=4 meals=25 think_ms=0 eat_ms=1 timeout_ms=2 seed=6",
        "strategy=waiter philosophers=2 meals=9 think_ms=0 eat_ms=0",
        "strategy=ordered philosophers=32 meals=1 think_ms=1 eat_ms=2",
    ],
    "gil": [
        "threads=3 points=7 switch_interval=0.5",
        "gil=on threads=2 points=30 switch_interval=1000",
        "gil=off threads=5 points=3",
        "work=wait threads=3 pieces=7",
        "work=both threads=3 points=20 pieces=9 switch_interval=1",
        "work=both gil=on threads=1 points=1 pieces=1",
    ],
    "hello-processes": [
        "processes=2 greetings=3 pause_ms=1",
        "processes=1 greetings=1 pause_ms=0",
        "processes=5 greetings=1 pause_ms=3",
    ],
    "hello-threads": [
        "threads=3 greetings=7 pause_ms=1",
        "threads=17 greetings=1 pause_ms=0",
        "threads=5 greetings=2 pause_ms=2 joining=each",
        "threads=1 greetings=1",
    ],
    "locked-update": [
        "locking=update threads=4 rounds=2500 points=3 score=-7",
        "locking=batch threads=9 rounds=1001 points=100",
        "locking=update threads=32 rounds=1 score=0",
        "locking=none threads=3 rounds=1500",
    ],
    "mandelbrot-processes": [
        "processes=2 tiles=7 passes=1 compare=false",
        "processes=3 tiles=5 passes=1 sharing=dealt compare=false",
        "processes=1 tiles=1 passes=1 compare=true",
    ],
    "map-as-completed": [
        "tasks=7 workers=3 cost_ms=3 spread=100 seed=8",
        "tasks=9 workers=2 cost_ms=2 failing=4",
        "way=map tasks=5 workers=8 cost_ms=1 failing=1",
        "way=as_completed tasks=20 workers=20 cost_ms=0 failing=20",
        "tasks=3 workers=1 cost_ms=400 spread=0 timeout_ms=100",
        "tasks=1 workers=1 cost_ms=0 timeout_ms=60000",
    ],
    "own-memory": [
        "processes=1 threads=3 add=1000 start=7",
        "processes=3 threads=1 add=1 start=0",
    ],
    "pipe-ping-pong": [
        "rounds=1 bytes=0",
        "rounds=50 bytes=100000",
        "rounds=300 bytes=1",
    ],
    "pool-map": [
        "workers=1 numbers=7",
        "workers=3 numbers=1001 chunksize=13",
        "workers=2 numbers=150",
    ],
    "priority-workers": [
        "workers=3 jobs=14 priorities=2 job_ms=1 seed=6",
        "workers=1 jobs=40 priorities=9 arrival=during arrive_ms=1 job_ms=1 spread=100",
        "workers=16 jobs=5 priorities=1 job_ms=0",
        "workers=2 jobs=100 arrival=during arrive_ms=0 job_ms=0 seed=4294967295",
    ],
    "process-endings": [
        "status=0 work_ms=0 patience=0",
        "status=200 work_ms=20 patience=0",
    ],
    "process-pool": [
        "workers=2 jobs=5 job_ms=10",
        "workers=1 jobs=3 job_ms=0 maxtasksperchild=1",
        "workers=4 jobs=2 job_ms=5",
    ],
    "process-queue": [
        "items=30 capacity=0 produce_ms=0 consume_ms=1",
        "items=7 capacity=1 produce_ms=3 consume_ms=0",
    ],
    "producer-consumer": [
        "producers=3 consumers=4 capacity=2 items=37 produce_ms=1 consume_ms=1 ending=shutdown seed=5",
        "producers=1 consumers=5 capacity=1 items=40 produce_ms=0 consume_ms=2 ending=sentinel spread=100",
        "producers=4 consumers=1 capacity=0 items=501 produce_ms=0 consume_ms=0",
        "items=1 producers=16 consumers=16 capacity=3",
    ],
    "race": [
        "protection=lock threads=3 increments=501 repeats=7",
        "protection=lock threads=16 increments=1 repeats=30",
        "protection=none threads=5 increments=1000 repeats=3",
        "protection=none threads=1 increments=1 repeats=1",
    ],
    "rate-limit": [
        "clients=5 requests=3 limit=3 answer_ms=2 seed=3",
        "clients=2 requests=2 limit=32 answer_ms=1 smaller=false",
        "clients=9 requests=4 limit=1 answer_ms=0 spread=0",
        "clients=1 requests=7 limit=6 answer_ms=1 spread=100",
    ],
    "readers-writers": [
        "readers=3 writers=1 reads=7 writes=5 read_ms=1 write_ms=2 pause_ms=1 seed=4",
        "lock=lock readers=2 writers=3 reads=5 writes=9 read_ms=0 write_ms=1 pause_ms=0",
        "lock=read_write readers=8 writers=4 reads=20 writes=10 read_ms=0.2 write_ms=0.1 pause_ms=0",
        "readers=1 writers=1 reads=1 writes=1 read_ms=0 write_ms=0 pause_ms=0",
    ],
    "shared-value": [
        "protection=lock processes=3 increments=50 repeats=4",
        "protection=none processes=2 increments=500 repeats=3",
    ],
    "thread-endings": [
        "steps=3 step_ms=2 fails_at=2 hook=own",
        "steps=5 step_ms=1 fails_at=1 hook=original",
        "steps=1 step_ms=0 fails_at=100 hook=own",
    ],
    "thread-pool": [
        "workers=3 tasks=7 cost=1 spread=100 seed=9 compare=true",
        "workers=8 tasks=3 cost=2 spread=0 compare=false seed=4294967295",
        "workers=2 tasks=9 work=wait cost=5 compare=false",
        "workers=1 tasks=1 cost=0 work=wait spread=100",
    ],
    "word-count": [
        "workers=3 copies=10 shown=100",
        "workers=1 copies=1 shown=1",
        "workers=8 copies=3 shown=5",
    ],
}


def output_of(command):
    finished = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    if finished.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
    return finished.stdout.splitlines()


def rows_without_columns(lines):
    """The first row of each table that comes before the names of the table's columns."""
    told = set()
    missing = []
    for line in lines:
        kind, _, text = line.partition(": ")
        table = text.partition("\t")[0]
        if kind == "row" and table not in told:
            missing.append(f"before the columns: {line}")
        if kind in ("columns", "row"):
            told.add(table)
    return missing


def is_console(line):
    return not line.startswith(("result: ", "check: ", "sample: ", "columns: ", "row: "))


def differences(weft, demo, parameters):
    twin = sorted(output_of([sys.executable, "-c", RUN_TWIN, str(DEMOS / demo / "twin.py"), *parameters]))
    output = output_of([weft, "run", demo, *(f"--{parameter}" for parameter in parameters)])
    core = sorted(line for line in output if is_console(line))
    if not twin:
        return ["the twin printed nothing"]
    return rows_without_columns(output) + list(difflib.unified_diff(twin, core, "twin", "core", lineterm="", n=0))


def main():
    weft, *wanted = sys.argv[1:]
    passed = failed = 0
    for twin in sorted(DEMOS.glob("*/twin.py")):
        demo = twin.parent.name
        if wanted and demo not in wanted:
            continue
        if demo not in PARAMETERS:
            print(f"FAILED {demo}: run.py has no parameters for it")
            failed += 1
        for parameters in PARAMETERS.get(demo, []):
            try:
                found = differences(weft, demo, parameters.split())
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                found = [str(error)]
            print("FAILED" if found else "ok", demo, parameters)
            print("".join(f"    {line}\n" for line in found), end="")
            passed, failed = passed + (not found), failed + bool(found)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
