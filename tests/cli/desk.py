"""A desk: throughcare-service for one station of a made-up place, asked with the throughcare command or over its socket; and a mail server.

    desk = Desk(h, place, "cjip", notify="command=/path/tell")
    rows = desk.ask("inbox", "--waiting")          # what --json printed
    desk.say("show", message)                      # what a person reads
"""
import json
import os
import socket
import socketserver
import threading
import time

from harness import Failure, expect, program, wait_until

JOHN = {"surname": "Made-Up", "forenames": "John", "date_of_birth": "1997-02-03", "nhs_number": "9434765919", "prison_numbers": ["A1234BC"]}
FORTY = {"product": "methadone_1mg_ml", "mg": "40", "frequency": "once_daily", "supervised": "yes", "missed_in_7_days": 0}


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def day(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))


def notification(days=40, **more):
    return {"kind": "release_notification", "recipient": "cjip",
            "release": {"certainty": "planned", "route": "sentence_end", "expected_date": day(days), "prison": "oakdale", "area": "northmoor",
                        "area_certainty": "confirmed", "meet_asked": "yes"},
            "parts": {"minimum": {"person": JOHN}, "clinical": {"doses": [FORTY]}}, **more}


def dose_request(**more):
    return {"kind": "dose_request", "recipient": "health", "due_at": at(4 * 3600), "dose_request": {"asked_of": "prison"},
            "parts": {"minimum": {"person": JOHN}}, **more}


class Desk:
    def __init__(self, harness, place, service, station="desk", notify=""):
        self.h, self.service, self.station = harness, service, station
        self.socket = harness.dir / f"{service}.{station}.socket"
        self.config = harness.dir / f"{service}.{station}.conf"
        self.passport = place.area.passport(service, station)
        self.configure(notify)
        self.start()

    def configure(self, notify):
        self.config.write_text(f"[service]\npassport={self.passport}\nsocket={self.socket}\n\n[notify]\n{notify}\n")

    def start(self):
        self.process = self.h.start([program("throughcare-service"), "--config", self.config], name=f"{self.service}-{self.station}")
        wait_until(lambda: self.socket.exists() and self.run("status", "--json").returncode == 0, 20, f"{self.service}'s socket")
        wait_until(lambda: self.ask("status")["state"] == "connected", 20, f"{self.service} to connect")

    def restart(self):
        self.process.stop()
        self.start()

    def run(self, *words, text=None, json_in=None):
        """One command: a CompletedProcess, whatever it ended with."""
        options = {"input": text if text is not None else json.dumps(json_in)} if text is not None or json_in is not None else {}
        return self.h.run([program("throughcare"), *words], check=False, env={"THROUGHCARE_SOCKET": self.socket, "LC_ALL": "C.UTF-8"}, **options)

    def ask(self, *words, **options):
        done = self.run(*words, "--json", **options)
        expect(done.returncode == 0, f"{self.service}: {' '.join(map(str, words))} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def say(self, *words, code=0, **options):
        done = self.run(*words, **options)
        expect(done.returncode == code, f"{self.service}: {' '.join(map(str, words))} ended with {done.returncode}, not {code}: {done.stdout}{done.stderr}")
        return done.stdout if code == 0 else done.stdout + done.stderr

    def send(self, message, *words):
        return self.ask("send", "-", *words, json_in=message)["message"]

    def gets(self, message, seconds=20):
        """Waits until the message is in this desk's inbox, and gives its row."""
        return wait_until(lambda: next((row for row in self.ask("inbox") if row["id"] == message), None), seconds, f"{self.service} to get {message}")

    def rows(self, conversation, **fields):
        return [row for row in self.ask("trace", conversation, "--local")["conversation"] if all(row.get(k) == v for k, v in fields.items())]

    def sees(self, conversation, seconds=20, **fields):
        return wait_until(lambda: self.rows(conversation, **fields), seconds, f"{self.service} to see {fields}")

    def connect(self):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(self.socket))
        peer.settimeout(15)
        return peer


def teller(folder, name, fails=0, body=""):
    """A notify command that writes down what it was given; it fails so many times first."""
    told, path = folder / f"{name}.told", folder / name
    told.write_text("")
    path.write_text(f'#!/bin/sh\n{{ echo "what=$1"; echo "sentence=$2"; env | grep ^THROUGHCARE_ | sort; echo --; }} >>{told}\n{body}\n'
                    f'[ "$(grep -c ^-- {told})" -gt {fails} ]\n')
    os.chmod(path, 0o755)
    return path, lambda: [dict(line.split("=", 1) for line in entry.strip().splitlines()) for entry in told.read_text().split("--\n")[:-1]]


class Mail:
    """A mail server that keeps what it gets, or refuses everybody."""

    def __init__(self):
        self.letters, self.refuse = [], False
        mail = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                mail.serve(self)
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, session):
        def say(words):
            session.wfile.write(words.encode() + b"\r\n")
        say("220 made-up")
        envelope = []
        while line := session.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                say("354 go on")
                text = ""
                while (line := session.rfile.readline().decode()) != ".\r\n":
                    text += line
                self.letters.append((envelope, text))
                say("250 kept")
            elif word == "RCPT" and self.refuse:
                say("550 nobody here")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                envelope += [line] if word in ("MAIL", "RCPT") else []
                say("250 fine")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
