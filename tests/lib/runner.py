#!/usr/bin/python3
"""Runs the tests that tests/run built, one at a time, and closes with "N passed, N failed".

Two kinds: ctest's (unit tests and replays in build/sanitize, the fuzz targets in build/fuzz), and process tests, which are
the executables tests/FOLDER/run and tests/FOLDER/run-NAME. A process test gets its build directory as its only argument and
TC_BUILD, TC_BUILD_RELEASE, TC_BUILD_FUZZ and TMPDIR in its environment. It passes with exit code 0, is skipped with 77 (its
last line says why) and fails with anything else. One line among its first 30 may set what is not the default:

    tests/run: limit=120 build=sanitize order=50      (seconds; sanitize, release or fuzz; low numbers first)

A test that leaves a process behind has failed: this process is made the reaper of its descendants, so none can get away.
Each test's output is kept in build/test-logs/ and shown when it fails.
"""
import argparse
import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILDS = {name: ROOT / "build" / name for name in ("sanitize", "release", "fuzz")}
LOGS = ROOT / "build" / "test-logs"
DIRECTIVE = re.compile(r"tests/run:((?: +(?:limit|build|order)=\w+)+)")
SKIPPED = 77
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIMIT_CTEST = 600


def sanitizer_environment():
    """Any finding ends the program with 99, which no program uses itself."""
    return {"ASAN_OPTIONS": "exitcode=99:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
            "LSAN_OPTIONS": "exitcode=99:print_suppressions=0",
            "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1:halt_on_error=1",
            "G_SLICE": "always-malloc", "G_DEBUG": "gc-friendly"}


class ProcessTest:
    def __init__(self, path):
        self.path = path
        folder, name = path.parent.name, path.name
        self.name = folder if name == "run" else f"{folder}/{name.removeprefix('run-')}"
        setting = {"limit": "120", "build": "sanitize", "order": "50"}
        with open(path, errors="replace") as text:
            found = DIRECTIVE.search("".join(line for line, _ in zip(text, range(30))))
        if found:
            setting.update(word.split("=") for word in found.group(1).split())
        self.build, self.limit, self.order = setting["build"], int(setting["limit"]), int(setting["order"])


def process_tests():
    paths = [path for pattern in ("*/run", "*/run-*") for path in (ROOT / "tests").glob(pattern)
             if path.is_file() and os.access(path, os.X_OK)]
    return sorted((ProcessTest(path) for path in paths), key=lambda test: (test.order, test.name))


def wanted(name, names):
    return not names or any(name == want or name.startswith(want.rstrip("/") + "/") for want in names)


def descendants():
    """Pid and command line of every process below this one that is not a zombie."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    state, parent = stat.read().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry))
    found, todo = [], [os.getpid()]
    while todo:
        for pid in children.get(todo.pop(), []):
            found.append(pid)
            todo.append(pid)
    return found


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as text:
            return text.read().replace(b"\0", b" ").decode(errors="replace").strip()[:100]
    except OSError:
        return ""


def die_with_runner():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def wait(child, limit):
    """The exit code of a test. Whoever is left to us meanwhile is reaped at once, as init would: Patroni takes a zombie for a running postmaster."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None and ended.si_pid != child.pid:
            os.waitpid(ended.si_pid, os.WNOHANG)
        elif child.poll() is not None:
            return child.returncode
        else:
            time.sleep(0.05)
    raise subprocess.TimeoutExpired(child.args, limit)


def clear():
    """Ends whatever a test left behind, and says what it was. What is just ending by itself gets three seconds for it."""
    end = time.monotonic() + 3
    while descendants() and time.monotonic() < end:
        reap()
        time.sleep(0.05)
    left = [f"{pid} {command_line(pid)}" for pid in descendants()]
    while descendants():
        for pid in descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
        time.sleep(0.02)
    reap()
    return left


class Run:
    def __init__(self, names):
        self.names, self.passed, self.failed, self.skipped, self.ran_names = names, 0, [], 0, set()
        shutil.rmtree(LOGS, ignore_errors=True)
        LOGS.mkdir(parents=True)
        self.scratch = tempfile.mkdtemp(prefix="tct-")

    def environment(self, build="sanitize"):
        return {**os.environ, **sanitizer_environment(), "TMPDIR": self.scratch, "TC_BUILD": str(BUILDS[build]),
                "TC_BUILD_RELEASE": str(BUILDS["release"]), "TC_BUILD_FUZZ": str(BUILDS["fuzz"]),
                "PYTHONPATH": str(ROOT / "tests" / "lib"), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}

    def report(self, result, name, seconds, why="", log=None):
        self.ran_names.add(name)
        print(f"{result:<5} {name:<44} {seconds:7.1f} s{'  ' + why if why else ''}", flush=True)
        if result == "ok":
            self.passed += 1
        elif result == "skip":
            self.skipped += 1
        else:
            self.failed.append(name)
            if log and log.exists():
                print(f"--- end of {log}\n{log.read_text(errors='replace')[-6000:]}\n---", flush=True)

    def process_test(self, test):
        log = LOGS / (test.name.replace("/", "-") + ".log")
        begun, why = time.monotonic(), ""
        with open(log, "wb") as output:
            child = subprocess.Popen([test.path, BUILDS[test.build]], cwd=ROOT, env=self.environment(test.build),
                                     stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                     start_new_session=True, preexec_fn=die_with_runner)
            try:
                code = wait(child, test.limit)
            except subprocess.TimeoutExpired:
                why, code = f"not done in {test.limit} s", -1
        left = clear()
        if left and not why:
            why = "left behind: " + "; ".join(left)
        result = "ok" if code == 0 and not why else "skip" if code == SKIPPED and not why else "FAIL"
        if result == "skip":
            why = (log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        self.report(result, test.name, time.monotonic() - begun, why or (f"exit {code}" if code else ""), log)

    def ctest(self, build, pattern):
        """Runs the tests of ctest whose name matches, and reports each."""
        junit, log = LOGS / f"ctest-{build}.xml", LOGS / f"ctest-{build}.log"
        with open(log, "wb") as output:
            child = subprocess.Popen(
                ["ctest", "--test-dir", BUILDS[build], "-R", pattern, "-j", str(os.cpu_count()), "--timeout", "120",
                 "--no-tests=ignore", "--output-on-failure", "--output-junit", junit],
                env=self.environment(build), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_runner)
            try:
                child.wait(LIMIT_CTEST)
            except subprocess.TimeoutExpired:
                self.report("FAIL", f"ctest in {build}", LIMIT_CTEST, "not done", log)
        left = clear()
        if left:
            self.report("FAIL", f"ctest in {build}", 0, "left behind: " + "; ".join(left), log)
        for case in xml.etree.ElementTree.parse(junit).iter("testcase") if junit.exists() else ():
            self.report_case(shown(build, case.get("name")), case)

    def report_case(self, name, case):
        seconds, status = float(case.get("time") or 0), case.get("status")
        if status == "run":
            self.report("ok", name, seconds)
        elif status in ("notrun", "disabled") and case.find("skipped") is not None and status == "disabled":
            self.report("skip", name, seconds, "disabled")
        else:
            output = LOGS / (name.replace("/", "-") + ".log")
            output.write_text(case.findtext("system-out") or "")
            self.report("FAIL", name, seconds, "" if status == "fail" else str(status), output)


def shown(build, name):
    """fuzz/NAME replays its corpus in the sanitized build; in the fuzz build the same test looks for new inputs."""
    return name.replace("fuzz/", "fuzzing/", 1) if build == "fuzz" else name


def ctest_names(build):
    if not (BUILDS[build] / "CTestTestfile.cmake").exists():
        return []
    out = subprocess.run(["ctest", "--test-dir", BUILDS[build], "-N"], stdout=subprocess.PIPE, text=True).stdout
    return [line.split(": ", 1)[1] for line in out.splitlines() if re.match(r" *Test +#\d+: ", line)]


def plan(names):
    """What to run: names of ctest's tests in the sanitized build, those of the fuzz build, process tests."""
    unit = [name for name in ctest_names("sanitize") if wanted(name, names)]
    fuzz = [name for name in ctest_names("fuzz") if name.startswith("fuzz/") and wanted(shown("fuzz", name), names)]
    return unit, fuzz, [test for test in process_tests() if wanted(test.name, names)]


def exactly(names):
    return "^(" + "|".join(re.escape(name) for name in names) + ")$"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--builds", action="store_true", help="which builds the chosen process tests need")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    unit, fuzz, processes = plan(arguments.names)
    if arguments.builds:
        print(" ".join(sorted({test.build for test in processes})))
        return 0
    if arguments.list:
        print("\n".join(unit + [shown("fuzz", name) for name in fuzz] + [test.name for test in processes]))
        return 0

    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it, and so would every test
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and so does what was started with nohup
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(arguments.names)
    begun = time.monotonic()
    try:
        if unit:
            run.ctest("sanitize", exactly(unit))
        for test in processes:
            run.process_test(test)
        if fuzz:
            run.ctest("fuzz", exactly(fuzz))
    finally:
        clear()
        shutil.rmtree(run.scratch, ignore_errors=True)

    for name in arguments.names:
        if not any(wanted(ran, [name]) for ran in run.ran_names):
            run.report("FAIL", name, 0, "there is no such test (tests/run --list)")
    print(f"\nTests took {time.monotonic() - begun:.0f} s." + (f" Failed: {' '.join(run.failed)}" if run.failed else ""))
    print(f"{run.passed} passed, {len(run.failed)} failed" + (f", {run.skipped} skipped" if run.skipped else ""), flush=True)
    return 1 if run.failed or not run.passed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
