"""Processes, places and waiting for tests that run real programs.

    with Harness() as h:
        database = h.postgres()                        # migrated, its own, gone afterwards
        broker = h.start([program("throughcare-broker"), "--config", path], name="broker")
        wait_until(lambda: "ready" in broker.log(), 10, "the broker to be ready")
        broker.stop()

Everything that a Harness started is stopped, newest first, and its directory removed, however the block is left. When it is
left by an exception, the ends of all logs are shown. A program that a sanitizer complained about fails the test even when
the test itself saw nothing. Only the standard library is used.
"""
import contextlib
import ctypes
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SANITIZER_EXIT = 99  # what ASAN_OPTIONS in tests/lib/runner.py makes a sanitized program exit with
SANITIZER_WORDS = re.compile(r"ERROR: (Address|Leak)Sanitizer|runtime error: |ERROR: libFuzzer")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Failure(AssertionError):
    """What a test expected and did not get."""


def build_dir():
    return pathlib.Path(os.environ.get("TC_BUILD", ROOT / "build" / "sanitize"))


def program(name, build=None):
    """The path of a program that the build made, wherever in the build directory it lies."""
    build = pathlib.Path(build or build_dir())
    for folder in ("broker", "adapters", "tests", "deploy", "proto"):
        for path in (build / folder).rglob(name):
            if path.is_file() and os.access(path, os.X_OK):
                return str(path)
    raise Failure(f"{name} is not built in {build}; tests/run builds it")


def wait_until(condition, seconds=10.0, what="the condition", every=0.05):
    """Calls condition until it is true, and returns what it gave. Raises Failure after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise Failure(f"waited {seconds:g} s for {what}")
        time.sleep(every)


def expect(condition, words):
    if not condition:
        raise Failure(words)


def free_port():
    """A TCP port on loopback that is free now, below the range that the kernel hands out to clients."""
    for _ in range(200):
        port = 20000 + secrets.randbelow(12000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Failure("no free TCP port between 20000 and 32000")


def running(pid):
    """Whether a process has this pid. One that ended and waits for its parent to notice does not count."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _dies_with_parent(number):
    def prepare():
        _libc.prctl(PR_SET_PDEATHSIG, number)
    return prepare


class Process:
    """One program with its log (standard output and standard error together). Always signalled by this object alone."""

    def __init__(self, argv, name, log_path, env=None, cwd=None, stop_signal=signal.SIGTERM, stdin=subprocess.DEVNULL):
        self.name, self.log_path, self.stop_signal = name, pathlib.Path(log_path), stop_signal
        with open(self.log_path, "ab") as log:
            self.popen = subprocess.Popen([str(word) for word in argv], stdin=stdin, stdout=log, stderr=subprocess.STDOUT,
                                          env=env, cwd=cwd, start_new_session=True,
                                          preexec_fn=_dies_with_parent(signal.SIGKILL))

    @property
    def pid(self):
        return self.popen.pid

    @property
    def alive(self):
        return self.popen.poll() is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        if self.alive:
            self.popen.send_signal(number)

    def wait(self, seconds=10.0):
        """The exit code; a signal's number is negative."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} (pid {self.pid}) did not end in {seconds:g} s") from None

    def wait_log(self, pattern, seconds=10.0):
        """Waits until the log has a match of this regular expression, and returns it. The program ending first is failure."""
        expression = re.compile(pattern)

        def look():
            alive = self.alive
            found = expression.search(self.log())
            if not found and not alive:
                raise Failure(f"{self.name} ended with {self.popen.returncode} before it said {pattern!r}")
            return found
        return wait_until(look, seconds, f"{self.name} to say {pattern!r}")

    def kill(self):
        """As a power cut would: at once, with no chance to tidy up."""
        self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self, seconds=20.0):
        """Asks it to stop and gives its exit code; kills it, with everything in its session, and fails if it does not."""
        self.signal(self.stop_signal)
        try:
            return self.wait(seconds)
        finally:
            self.end_session()

    def end_session(self):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()

    def complaint(self):
        """What a sanitizer said about it, or None."""
        found = SANITIZER_WORDS.search(self.log()) if self.log_path.exists() else None
        if found:
            return f"{self.name}: {found.group(0).strip()}"
        if self.popen.returncode == SANITIZER_EXIT:
            return f"{self.name} ended with a sanitizer's exit code"
        return None


class Harness:
    """A directory and the processes in it. Keeps nothing."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="tc-"))
        self.processes, self.databases, self.mounts, self.log_count = [], [], [], 0

    def __enter__(self):
        return self

    def start(self, argv, name=None, env=None, **options):
        """Starts a program. `env` adds to the environment; a value of None takes a variable away."""
        name = name or pathlib.Path(str(argv[0])).name
        self.log_count += 1
        whole = dict(os.environ)
        for key, value in (env or {}).items():
            whole.pop(key, None) if value is None else whole.update({key: str(value)})
        process = Process(argv, name, self.dir / f"{self.log_count:02d}-{name}.log", env=whole, **options)
        self.processes.append(process)
        return process

    def run(self, argv, seconds=30.0, check=True, env=None, **options):
        """Runs a program to its end: a CompletedProcess with text. A sanitizer's complaint is always a failure."""
        whole = dict(os.environ, **{key: str(value) for key, value in (env or {}).items()})
        try:
            done = subprocess.run([str(word) for word in argv], env=whole, timeout=seconds, text=True, errors="replace",
                                  stdin=options.pop("stdin", None if "input" in options else subprocess.DEVNULL),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        except subprocess.TimeoutExpired:
            raise Failure(f"{argv[0]} did not end in {seconds:g} s") from None
        if done.returncode == SANITIZER_EXIT or SANITIZER_WORDS.search(done.stderr):
            raise Failure(f"a sanitizer complained about {argv[0]}:\n{done.stderr}")
        if check and done.returncode:
            raise Failure(f"{' '.join(map(str, argv))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def postgres(self, **options):
        from postgres import Postgres
        database = Postgres(self, self.dir / f"pg{len(self.databases)}", **options)
        self.databases.append(database)
        return database

    def __exit__(self, kind, error, trace):
        problems = []
        for process in reversed(self.processes):
            problems += self._end(process)
        if kind is not None:
            self._show_logs()
        for path in self.mounts: # (disk.py) a failed test leaves them; nothing of ours is at work there any more
            subprocess.run(["umount", "--lazy", path], check=False)
        for database in self.databases:
            database.forget()
        shutil.rmtree(self.dir, ignore_errors=True)
        if problems and kind is None:
            raise Failure("; ".join(problems))
        return False

    @staticmethod
    def _end(process):
        problems = []
        if process.alive:
            try:
                process.stop()
            except Failure as failure:
                problems.append(str(failure))
        process.end_session()
        complaint = process.complaint()
        if complaint:
            sys.stderr.write(process.log()[-8000:])
            problems.append(complaint)
        return problems

    def _show_logs(self):
        for process in self.processes:
            text = process.log() if process.log_path.exists() else ""
            sys.stderr.write(f"--- {process.name} (exit {process.popen.returncode}), end of its log\n{text[-3000:]}\n")
        sys.stderr.flush()
