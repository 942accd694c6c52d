"""Worklists of a made-up place, with nginx before them, as an installation has them.

    pages = Pages(h, place, ["carat", "cjip"])      # each has a station "worklist" in the area
    pages.account("cjip", "sam", "worker", "w-017", "Sam Made-Up")
    pages.start()
    pages.url("cjip")                               # https://cjip.localhost:PORT
    answer = pages.ask("cjip", "/sign-in", {"name": "sam", "password": PASSWORD})   # over nginx; .status .headers .text
"""
import html
import html.parser
import http.client
import os
import pathlib
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.parse

from harness import ROOT, expect, free_port, program, wait_until

PASSWORD = "three ordinary words"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{csrf}}" # in a field: it must come back as text
SOURCE = ROOT / "adapters" / "worklist"


def packages():
    """The browser's driver and the checkers, as the lock file says; kept for the next time."""
    here = pathlib.Path(__file__).resolve().parent
    folder = ROOT / "build" / "worklist-packages"
    lock, installed = here / "package-lock.json", folder / "installed"
    if not installed.exists() or installed.read_text() != lock.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(here / name, folder)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=200)
        shutil.copy(lock, installed)
    return folder


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()

    def value(self, name):
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        return found.group(1) if found else None


class Form(html.parser.HTMLParser):
    """What stands in the form of a page, as a browser would send it."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.select, self.inside, self.typed = {}, None, False, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.inside = at.get("id") == "say"
        elif not self.inside:
            return
        elif tag == "input" and (at.get("type") not in ("radio", "checkbox") or "checked" in at):
            self.fields[at["name"]] = at.get("value") or ""
        elif tag == "textarea":
            self.typed = at["name"]
            self.fields[self.typed] = ""
        elif tag == "select":
            self.select = at["name"]
        elif tag == "option" and "selected" in at:
            self.fields[self.select] = at["value"]

    def handle_data(self, text):
        if self.typed:
            self.fields[self.typed] += text

    def handle_endtag(self, tag):
        self.typed = None if tag == "textarea" else self.typed
        self.inside = self.inside and tag != "form"


class Browser:
    """One person's requests, with their cookie; no browser at all."""

    def __init__(self, pages, service):
        self.pages, self.service, self.cookie = pages, service, None

    def ask(self, path, form=None, headers=None, cookie=True):
        headers = dict(headers or {})
        if cookie and self.cookie:
            headers["Cookie"] = self.cookie
        answer = self.pages.ask(self.service, path, form, headers)
        while answer.status == 429: # nginx lets nobody be too fast
            time.sleep(0.3)
            answer = self.pages.ask(self.service, path, form, headers)
        given = re.match(r"(__Host-session=[^;]*)", answer.headers.get("Set-Cookie") or "")
        if given:
            self.cookie = given.group(1)
        to = answer.headers.get("Location") or ""
        return self.ask(to) if form and "&step=" in to else answer # what was typed is shown by an address of its own

    def sign_in(self, name, password=PASSWORD):
        answer = self.ask("/sign-in", {"name": name, "password": password})
        expect(answer.status == 303, f"{name} could not sign in: {answer.status}")
        return self

    def say(self, path, fields, step="send"):
        """Opens the form, and posts it with the fields."""
        page = self.ask(path)
        hidden = {name: page.value(name) for name in ("csrf", "key", "seen")}
        return self.ask(path, {**hidden, **fields, "step": step})

    def does(self, path, fields):
        """The same with what stands there already; it must be taken: the message's id."""
        answer = self.ask(path, {**Form(self.ask(path).text).fields, **fields, "step": "send"})
        expect(answer.status == 303, f"{path} {fields} was not taken: {answer.status}\n{re.findall('(?s)<main.*?</ul>', answer.text)}")
        return answer.headers["Location"].rpartition("/")[2]

    def sees(self, path, *words, but=(), seconds=20):
        """Asks for the page until it has all these words, and none of the others."""
        end = time.monotonic() + seconds
        while True:
            text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", self.ask(path).text)))
            if all(each in text for each in words) and not any(each in text for each in but):
                return text
            expect(time.monotonic() < end, f"{path} does not say {words}, or says {but}: {text}")
            time.sleep(0.3)


class Pages:
    def __init__(self, harness, place, services):
        self.h, self.place, self.services = harness, place, services
        self.folder = harness.dir / "pages"
        self.folder.mkdir()
        self.processes, self.nginx, self.port, self.limits = {}, None, free_port(), {}  # limits: a text of nginx.conf -> another
        for service in services:
            self.config(service).write_text(f"[worklist]\npassport={place.area.passport(service, 'worklist')}\nsocket={self.socket(service)}\n")

    def config(self, service):
        return self.folder / f"{service}.conf"

    def socket(self, service):
        return self.folder / f"{service}.socket"

    def url(self, service):
        return f"https://{service}.localhost:{self.port}"

    def account(self, service, name, role, worker, person, phone="01632 960123", password=PASSWORD, check=True):
        return self.h.run([program("throughcare-worklist"), "--config", self.config(service), "--account", name, "--role", role, "--worker", worker, "--person", person,
                           "--phone", phone], input=password + "\n", check=check)

    def start_worklist(self, service):
        process = self.h.start([program("throughcare-worklist"), "--config", self.config(service)], name=f"{service}-worklist", env={"THROUGHCARE_TIME_SHIFT": self.h.dir / "shift"})
        wait_until(self.socket(service).exists, 20, f"{service}'s worklist")
        self.processes[service] = process
        return process

    def start(self):
        for service in self.services:
            self.start_worklist(service)
        self._certificate()
        self._configure()
        self.nginx = self.h.start(["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"], env={"PATH": os.environ["PATH"] + ":/usr/sbin"})
        wait_until(self._answers, 20, "nginx")

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _certificate(self):
        names = ",".join(f"DNS:{service}.localhost" for service in self.services)
        self.h.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=made up", "-addext", f"subjectAltName={names}",
                    "-keyout", self.folder / "tls.key", "-out", self.folder / "tls.pem"])

    def _configure(self):
        def fill(name, **words):
            text = (SOURCE / name).read_text()
            for word, value in words.items():
                text = text.replace(f"%{word}%", str(value))
            return text
        (self.folder / "proxy.conf").write_text((SOURCE / "nginx-proxy.conf").read_text())
        assets = pathlib.Path(os.environ["TC_BUILD"]) / "adapters" / "worklist" / "assets"
        for service in self.services:
            (self.folder / f"{service}.site").write_text(fill("nginx-site.conf", ADDRESS=f"127.0.0.1:{self.port}", NAME=f"{service}.localhost",
                                                              SOCKET=self.socket(service), ASSETS=assets, FOLDER=self.folder))
        user = f"user {pwd.getpwuid(os.getuid()).pw_name};\n" if os.getuid() == 0 else ""
        conf = fill("nginx.conf", FOLDER=self.folder, CERTIFICATE=self.folder / "tls.pem", KEY=self.folder / "tls.key", SITES=f"{self.folder}/*.site")
        for was, now in self.limits.items():
            expect(was in conf, f"nginx.conf has no {was}")
            conf = conf.replace(was, now)
        (self.folder / "nginx.conf").write_text(user + conf)

    def raw(self, service):
        """A TLS connection to nginx."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls.pem"))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=30), server_hostname=f"{service}.localhost")

    def ask(self, service, path, form=None, headers=None):
        context = ssl.create_default_context(cafile=str(self.folder / "tls.pem"))
        connection = http.client.HTTPSConnection(f"{service}.localhost", self.port, context=context, timeout=30)
        connection.connect = lambda: setattr(connection, "sock", self.raw(service))
        body = urllib.parse.urlencode(form) if form is not None else None
        more = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request("POST" if form is not None else "GET", path, body, {**more, **(headers or {})})
        return Answer(connection.getresponse())


def no_script(answer, where):
    ours = '<script src="/assets/worklist.js" defer></script>'
    text = answer.text.replace(ours, "", 1)
    for bad in ("<script", "<img", "onerror=alert(1)>", "\"'>", " style=", " onclick="):
        expect(bad not in text, f"{where}: {bad} came through")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    expect(ours in answer.text and policy == {"default-src": "'none'", "style-src": "'self'", "script-src": "'self'", "connect-src": "'self'", "img-src": "'self' data:", "form-action": "'self'",
                                              "base-uri": "'none'", "frame-ancestors": "'none'"}, f"{where}: the policy is {policy}")
    expect(answer.headers["Referrer-Policy"] == "same-origin" and answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", f"{where}: a header is missing: {answer.headers}")
    expect(answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store" and
           "max-age" in answer.headers["Strict-Transport-Security"], f"{where}: a header is missing: {answer.headers}")
