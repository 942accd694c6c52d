"""Two brokers under load, for faults to happen to.

    scene = Scene(h, seed)
    scene.start()                     # both brokers and everybody who sends and receives
    scene.brokers[0].kill()
    scene.load.flows()                # waits until service is back
    problems = scene.finish()         # everything settled, and held against the history
"""
import json
import random
import socket
import threading
import time

from harness import expect, wait_until
from history import DOSE_ANSWERED, History
from neighbours import FLOOD_QUOTA
from network import Network
from peers import Asker, Finder, Receiver, Sender, Taker
from place import Place

SERVICES = [("carat", "CARAT", dict(organisation="oakdale", prison="oakdale")), ("other-carat", "CARAT", dict(organisation="elmbridge", prison="elmbridge")),
            ("cjip", "CJIP", dict(stations=("desk", "answers", "dying", "brim"))), ("arrest", "ARREST_REFERRAL", {}), ("prescriber", "PRESCRIBER", {}),
            ("health", "PRISON_HEALTH", dict(organisation="oakdale-health", prison="oakdale")), ("spoc", "SPOC", {}),
            ("files", "CARAT", dict(prison="files")), ("quiet", "CARAT", dict(prison="quietly")), ("flood", "CARAT", dict(prison="flood", quota=FLOOD_QUOTA)),
            ("deaf", "CJIP", {})]
LEAST = 15 * 60              # seconds that whoever is asked for a dose has at least
TIDES = (10, 20, 40, 80, 160)  # seconds after the start at which the brokers' time moves on by LEAST and a minute: all dose clocks run out, and no longer ones


class Load:
    """Those who send and receive meanwhile, and the history of what they were told."""

    def __init__(self, place, seed):
        self.place, self.network = place, Network()
        self.history = History({service for service, keys in place.area.keys.items() if len(keys.stations) > 1})
        self.shift, self.ebb = 0, threading.Event()  # the brokers' time, moved
        self.databases = []  # places of the relays before the database
        for name in "ab":
            folder = self.network.relay_socket(f"{place.database.host}/.s.PGSQL.{place.database.port}", place.h.dir / f"database-{name}")
            place.database_by[name] = place.database.conninfo().replace(f"host={place.database.host}", f"host={folder}")
            self.databases.append(len(self.network.relays) - 1)
        def hosts(service):
            return [f"127.0.0.1:{self.network.relay(host, place.area.port(service))}" for host in place.area.hosts]
        def make(kind, service, station, number, *rest):
            passport = place.client(service, station).passport
            return kind(place.pb, passport, hosts(service), self.history, seed + number, *rest)
        self.senders = [make(Sender, "carat", "desk", 1, "cjip"), make(Sender, "other-carat", "desk", 2, "cjip"), make(Finder, "arrest", "desk", 4, "cjip", 1),
                        make(Asker, "prescriber", "desk", 5, "health", 1), make(Taker, "cjip", "answers", 6, "arrest")]
        self.receivers = [make(Receiver, "cjip", "desk", 3), make(Receiver, "health", "desk", 7)]

    def start(self):
        for peer in [*self.senders, *self.receivers]:
            peer.start()
        threading.Thread(target=self._tides, daemon=True).start()

    def _move_time(self):
        self.shift += LEAST + 60
        self.place.shift_time(self.shift)

    def _tides(self):
        begun = time.monotonic()
        for at in TIDES:
            if self.ebb.wait(begun + at - time.monotonic()):
                return
            self._move_time()

    def _last_tide(self):
        """Every clock that is to fire has time to."""
        self._move_time()
        late = "SELECT count(*) FROM throughcare.clock c WHERE due_at < (extract(epoch FROM clock_timestamp()) + {}) * 1000000 AND policy = {} AND NOT EXISTS (SELECT FROM throughcare.clock_end e WHERE e.clock = c.id)"
        end = time.monotonic() + 20
        while time.monotonic() < end and self.place.database.query(late.format(self.shift, DOSE_ANSWERED)) != [["0"]]:
            time.sleep(0.2)

    def accepted(self):
        return len(self.history.accepted)

    def flows(self, seconds=30):
        """Waits until something new was accepted: service is back."""
        before = self.accepted()
        wait_until(lambda: self.accepted() > before + 8, seconds, "something new to be accepted")

    def settle(self):
        """No new work; every open message answered and everything accepted delivered; then all stop."""
        self.ebb.set()
        for sender in self.senders[:-1]: # the last one answers what the others asked
            sender.paused.set()
        wait_until(lambda: all(s.idle() for s in self.senders), 60, "every message to be answered")
        self.history.wait_held(60)
        wait_until(self.senders[-1].idle, 60, "the last answers to be answered")
        self.history.wait_held(60)
        self._last_tide()
        for peer in [*self.senders, *self.receivers]:
            peer.stop()


class Scene:
    def __init__(self, h, seed, services=SERVICES):
        self.h, self.place = h, Place(h, services, hosts=2)
        self.seed, self.load, self.chance, self.brokers = seed, Load(self.place, seed), random.Random(seed), []
        self.stations = {}  # real adapters that take part (adapters.py)

    def start(self):
        self.brokers = [self.place.start_broker("a"), self.place.start_broker("b")]
        self.load.start()
        self.load.flows()

    def restart(self, index, **options):
        """It was killed, or has ended."""
        self.brokers[index] = self.place.start_broker("ab"[index], **options)

    def restart_ended(self):
        """One that lost its place to the other has ended."""
        for index in (0, 1):
            if not self.brokers[index].alive:
                self.restart(index, wait=False)

    def ask(self, name, question):
        """A broker's operator."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(f"{self.h.dir}/admin-{name}")
            s.sendall(json.dumps(question).encode() + b"\n")
            return json.loads(s.makefile().readline())

    def states(self):
        return [self.place.broker_state(name) for name in "ab"]

    def active(self):
        """The index of the one that works."""
        wait_until(lambda: "active" in self.states(), 20, "one of them to be active")
        return self.states().index("active")

    def first_works(self, **options):
        """Broker 0, started anew with these options, is active, and broker 1 stands by."""
        self.brokers[0].kill()
        self.restart(0, wait=False, **options)
        self.brokers[0].wait_log("event=ready", 20)
        self.brokers[1].kill()
        wait_until(lambda: self.states()[0] == "active", 20, "the first broker to be active")
        self.restart(1)
        self.load.flows(60)

    def finish(self):
        """Everything settles; the list of problems."""
        self.load.settle()
        for station in self.stations.values():
            station.check()
        return self.load.history.check(self.place.database.query, self.place.verify_audit)
