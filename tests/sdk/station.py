"""A station of the SDK as a process: tests/sdk/station.c driven over its standard input.

    carat = Station(harness, place.area.passport("carat"))
    message = carat.do("send", message={...})
    carat.event("accepted", message=message)
"""
import json
import subprocess

from harness import Failure, program, wait_until


class Refused(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']} {error['field']}: {error['text']}")
        self.code, self.field, self.text = error["code"], error["field"], error["text"]


class Station:
    def __init__(self, harness, passport, name=None):
        self.h, self.passport, self.name = harness, passport, name or passport.name.split(".")[0]
        self.said = []      # everything in order, over all lives of the process
        self.start()

    def start(self):
        self.process = self.h.start([program("sdk_station"), self.passport], name=self.name, stdin=subprocess.PIPE)
        self.read_to = 0

    def listen(self):
        """Takes in whole lines that came since."""
        data = self.process.log_path.read_bytes()
        end = data.rfind(b"\n") + 1
        for line in data[self.read_to:end].splitlines():
            if line.startswith(b"{"):
                self.said.append(json.loads(line))
        self.read_to = max(self.read_to, end)
        return self.said

    def _results(self):
        return [line for line in self.listen() if "ok" in line or "error" in line]

    def do(self, act, seconds=20, **values):
        """One act; gives its result or raises Refused."""
        before = len(self._results())
        self.process.popen.stdin.write((json.dumps({"do": act, **values}) + "\n").encode())
        self.process.popen.stdin.flush()
        wait_until(lambda: len(self._results()) > before, seconds, f"{self.name} to {act}", every=0.01)
        result = self._results()[before]
        if "error" in result:
            raise Refused(result["error"])
        return result["ok"]

    def refused(self, act, **values):
        """The error of an act that must not work."""
        try:
            self.do(act, **values)
        except Refused as refused:
            return refused
        raise Failure(f"{self.name} could {act}")

    def events(self, what, message=None, /, **fields):
        return [line for line in self.listen() if line.get("event") == what and (message is None or line.get("message") == message)
                and all(line["json"].get(name) == value for name, value in fields.items())]

    def event(self, what, message=None, /, seconds=20, **fields):
        """Waits for an event, and gives it."""
        return wait_until(lambda: self.events(what, message, **fields), seconds, f"{self.name} to be told {what} {fields or ''}")[-1]

    def state(self, state, seconds=20):
        wait_until(lambda: [line for line in self.listen() if "state" in line][-1:] and
                   [line for line in self.listen() if "state" in line][-1]["state"] == state, seconds, f"{self.name} to be {state}")

    def logged(self, words, seconds=20):
        wait_until(lambda: any(words in line.get("log", "") for line in self.listen()), seconds, f"{self.name} to log {words!r}")

    def kill(self):
        self.process.kill()
        self.listen()

    def stop(self):
        self.process.popen.stdin.close()
        code = self.process.wait()
        self.listen()
        return code
