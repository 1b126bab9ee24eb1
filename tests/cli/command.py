"""Tests of the command: command.py WEFT [CLASS or CLASS.test ...]"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

SECONDS = 60  # longer than any of these takes unless it hangs
WEFT = ""
PROCESSES = ("hello-processes", "process-queue", "mandelbrot-processes", "pool-map")


def weft(*words, prefix="", **options):
    """Runs the command; with `prefix` by a shell that does something to its streams first."""
    command = [WEFT, *words]
    if prefix:
        command = ["sh", "-c", f'{prefix}; exec "$@"', "sh", *command]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options
    return subprocess.run(command, text=True, timeout=SECONDS, **options)


class Command(unittest.TestCase):
    def expect(self, finished, status, *texts):
        self.assertEqual(finished.returncode, status, f"{finished.args}\n{finished.stdout}\n{finished.stderr}")
        for text in texts:
            self.assertIn(text, finished.stderr or "")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Words(Command):
    RUN = ("run", "hello-threads")

    def test_a_trace_is_written_to_a_file(self):
        for number, words in enumerate((("--trace", "{}"), ("--trace={}",))):
            file = self.folder / f"{number}.trace"
            self.expect(weft(*self.RUN, *(word.format(file) for word in words)), 0)
            self.assertTrue(file.read_bytes().startswith(b"WEFTTRC2"))

    def test_a_trace_wants_a_file(self):
        for words in (["--trace"], ["--trace", ""], ["--trace="], ["--trace", "--threads=2"]):
            with self.subTest(words):
                self.expect(weft(*self.RUN, *words), 2, "weft run: --trace: ", "file")
        self.expect(weft(*self.RUN, "--trace", "a", "--trace=b"), 2, "--trace is given twice")

    def test_a_trace_that_cannot_be_opened_is_told(self):
        self.expect(weft(*self.RUN, "--trace", self.folder / "none" / "x"), 2, "can't write", "none/x")
        self.expect(weft(*self.RUN, "--trace", self.folder), 2, "can't write", str(self.folder))

    def test_parameters_are_names_and_values_and_given_once(self):
        race = ("run", "race", "--increments=1000")
        self.expect(weft(*race, "--threads=2"), 0)
        self.expect(weft(*race, "--threads=2", "--threads=3"), 2, "'threads' is given twice: '2' and '3'")
        self.expect(weft(*race, "--threads"), 2, "'--threads' has no value: write --threads=VALUE")
        self.expect(weft(*race, "--threads", "2"), 2, "'--threads' has no value: write --threads=VALUE")
        self.expect(weft(*race, "--threads="), 2, "'threads': got ''", "whole number")
        self.expect(weft(*race, "--=2"), 2, "has no parameter ''")
        self.expect(weft(*race, "threads=2"), 2, "unexpected argument 'threads=2': parameters are written --name=value")
        self.expect(weft(*race, "-t"), 2, "unexpected argument '-t'")

    def test_help_and_version(self):
        usage = weft("help").stdout
        self.assertIn("weft run DEMO", usage)
        for words in ([], ["-h"], ["--help"], ["run", "-h"], ["run", "--help"], ["list", "--help"], ["help", "-h"]):
            with self.subTest(words):
                finished = weft(*words)
                self.expect(finished, 0)
                self.assertEqual(finished.stdout, usage)
        race = weft("help", "race").stdout
        self.assertIn("--threads=", race)
        for words in (["run", "race", "-h"], ["run", "race", "--threads=2", "--help"]):
            with self.subTest(words):
                finished = weft(*words)
                self.expect(finished, 0)
                self.assertEqual(finished.stdout, race)
        self.assertRegex(weft("--version").stdout, r"^weft \d+\.\d+\.\d+\n$")

    def test_further_words_are_refused(self):
        for words in (["list", "race"], ["list", "--json", "race"], ["list", "--xml"], ["help", "race", "more"],
                      ["--version", "more"]):
            with self.subTest(words):
                self.expect(weft(*words), 2, f"unexpected argument '{words[-1]}'")
        self.expect(weft("walk"), 2, "unknown command 'walk'")
        self.expect(weft("run"), 2, "no demo is named")
        self.expect(weft("run", "--threads=2"), 2, "'--threads=2'", "name of a demo")
        self.expect(weft("run", "nothing"), 2, "there is no demo 'nothing'")
        self.expect(weft("help", "nothing"), 2, "there is no demo 'nothing'")


class Streams(Command):
    def test_standard_streams_may_be_closed(self):
        for demo in PROCESSES:
            for prefix in ("exec >&-", "exec <&-", "exec 2>&-", "exec <&- >&- 2>&-"):
                with self.subTest(demo=demo, prefix=prefix):
                    file = self.folder / "trace"
                    self.expect(weft("run", demo, "--trace", file, prefix=prefix), 0)
                    # Nothing of the console was written to it.
                    self.assertTrue(file.read_bytes().startswith(b"WEFTTRC2"))
        for words in (["list"], ["help"], ["--version"]):
            self.expect(weft(*words, prefix="exec >&-"), 0)

    def test_the_console_goes_on_without_standard_input_or_error(self):
        def lines(prefix=""):
            """Of the console, in any order and without numbers of processes."""
            output = weft("run", "hello-processes", prefix=prefix).stdout.splitlines()
            return sorted(re.sub(r"\d+", "N", line) for line in output if not re.match(r"\w+: ", line))

        usual = lines()
        self.assertTrue(usual)
        for prefix in ("exec <&-", "exec 2>&-"):
            self.assertEqual(lines(prefix), usual)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            for words in (["run", "hello-threads"], ["run", "hello-processes"], ["list"], ["help"], ["help", "race"],
                          ["list", "--json"], ["--version"]):
                with self.subTest(words):
                    self.expect(weft(*words, stdout=full), 1, "can't write to standard output", "No space left")
        finished = weft("run", "race", "--threads=2", "--increments=1000", "--trace", "/dev/full")
        self.assertNotEqual(finished.returncode, 0)
        self.assertIn("can't write '/dev/full': No space left", finished.stderr)

    def test_a_trace_that_outgrows_the_disk_is_told(self):
        # A file may not become larger than this; the header and the first records find room.
        finished = weft("run", "race", "--trace", self.folder / "trace", prefix="trap '' XFSZ; ulimit -f 4")
        self.expect(finished, 1, "can't write", "too large")

    def test_a_reader_that_goes_ends_it(self):
        for demo in ("hello-threads", *PROCESSES):
            with self.subTest(demo):
                with subprocess.Popen([WEFT, "run", demo], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                    running.stdout.readline()
                    running.stdout.close()
                    # It may have been done before it noticed.
                    self.assertIn(running.wait(SECONDS), (0, -signal.SIGPIPE))
                    self.assertEqual(running.stderr.read(), b"")

    def test_a_reader_that_is_gone_from_the_beginning_ends_it(self):
        for demo in PROCESSES:
            with self.subTest(demo):
                ends = os.pipe()
                os.close(ends[0])
                try:
                    finished = weft("run", demo, stdout=ends[1])
                finally:
                    os.close(ends[1])
                self.expect(finished, -signal.SIGPIPE)


class Signals(Command):
    def run_with_ignored(self, number, demo):
        return weft("run", demo, preexec_fn=lambda: signal.signal(number, signal.SIG_IGN))

    def test_ignored_signals_that_it_inherits_change_nothing(self):
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE):
            for demo in (*PROCESSES, "process-endings"):
                with self.subTest(number=number, demo=demo):
                    self.expect(self.run_with_ignored(number, demo), 0)


class Environment(Command):
    def test_variables_of_its_own_are_of_no_effect_from_outside(self):
        for variables in ({"WEFT_TRACE_FILE": "/nowhere/trace"}, {"WEFT_COLUMNS": "x\ty"}, {"WEFT_TRACE_FILE": ""}):
            for demo in PROCESSES:
                with self.subTest(variables=variables, demo=demo):
                    self.expect(weft("run", demo, env=os.environ | variables), 0)

    def test_a_trace_has_the_records_of_children(self):
        file = self.folder / "trace"
        self.expect(weft("run", "hello-processes", "--trace", file, env=os.environ | {"WEFT_TRACE_FILE": "/nowhere/x"}), 0)
        self.assertGreater(file.stat().st_size, 1000)


if __name__ == "__main__":
    WEFT = sys.argv.pop(1)
    unittest.main()
