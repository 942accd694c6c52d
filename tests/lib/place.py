"""A whole made-up place for process tests: PostgreSQL, an area, a broker or two, and Python clients for its services.

    with Harness() as h:
        place = Place(h)                 # carat, health, cjip, prescriber, spoc
        broker = place.start_broker()
        client = place.client("carat"); client.connect()
"""
import json
import os
import pathlib
import socket
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "interop"), str(pathlib.Path(__file__).resolve().parent)]

from area import Area
from client import Client, Directory, Passport, load_proto
from harness import program
from wire import Refused, audit_hash, head_digest, public_bytes, signing_key, tree_root, verify

SERVICES = [("carat", "CARAT", dict(organisation="oakdale", prison="oakdale")),
            ("health", "PRISON_HEALTH", dict(organisation="oakdale-health", prison="oakdale")),
            ("cjip", "CJIP", {}), ("prescriber", "PRESCRIBER", {}), ("spoc", "SPOC", {})]


def person(pb, surname, forenames, born="1997-02-03", nhs="9434765919"):
    return pb.Minimum(person=pb.Person(surname=surname, forenames=forenames, date_of_birth=born, nhs_number=nhs))


class Place:
    def __init__(self, harness, services=SERVICES, hosts=1, database=None, **options):
        self.h = harness
        self.pb = load_proto(harness.dir / "pb")
        self.database = database or harness.postgres(**options)
        self.area = Area(harness.dir / "area", self.pb)
        self.area.hosts = [f"127.0.0.{n + 1}" for n in range(hosts)]
        for name, kind, options in services:
            self.area.add(name, kind, **options)
        self.area.sign()
        self.brokers, self.retention = [], 520  # weeks
        self.database_by = {}  # broker's name -> another conninfo
        self.settings = lambda name: ""  # more of a broker's settings
        self.within = lambda name: []    # words before its command

    def fill_release(self, header, certainty="PLANNED", route="BAIL"):
        pb = self.pb
        header.release.certainty, header.release.route = pb.Certainty.Code.Value(certainty), pb.Route.Code.Value(route)
        header.release.prison, header.release.area_certainty = "oakdale", pb.AreaCertainty.CONFIRMED
        header.release.area, header.release.meet_asked = self.area.code, pb.YesNo.YES

    def client(self, service, station="desk", **options):
        passport = Passport(self.area.passport(service, station))
        directory = Directory(self.pb, self.area.directory.read_bytes(), passport.authority)
        return Client(self.pb, passport, directory, **options)

    def start_broker(self, name="a", wait=True, env=None):
        """Starts a broker on this database; each name has its own address (a: 127.0.0.1, b: 127.0.0.2) and admin socket."""
        config = self.h.dir / f"broker-{name}.conf"
        keys = self.area.folder / "broker.keys"
        if not keys.exists():
            self.area._write("broker.keys", self.area.broker_keys().encode())
        config.write_text(
            f"[database]\nconninfo={self.database_by.get(name, self.database.conninfo())}\nretention_weeks={self.retention}\n\n[broker]\nbind={self.area.hosts['ab'.index(name)]}\nkeys={keys}\n"
            f"directory={self.area.directory}\nauthority={self.area.authority.hex()}\n\n[admin]\nsocket={self.h.dir}/admin-{name}\n\n"
            f"[test]\ntime_shift_file={self.h.dir}/shift\n\n{self.settings(name)}")
        broker = self.h.start([*self.within(name), program("throughcare-broker"), "--config", config], name=f"broker-{name}", env=env)
        if wait:
            broker.wait_log("event=ready", 20)
            if not self.brokers:
                broker.wait_log("event=serving", 20)
        self.brokers.append(broker)
        return broker

    def broker_state(self, name):
        """away, standby, active; "" for one that does not answer (yet)."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30)
            try:
                s.connect(f"{self.h.dir}/admin-{name}")
                s.sendall(b'{"do": "status"}\n')
                return json.loads(s.makefile().readline())["state"]
            except (OSError, ValueError):
                return ""

    def shift_time(self, seconds):
        """Moves the brokers' time; takes effect within 0.1 s."""
        path = self.h.dir / "shift.new"
        path.write_text(str(seconds))
        path.rename(self.h.dir / "shift")

    def verify_audit(self, query=None):
        """Recomputes the log from the database (or another that query asks), by PROTOCOL.md: the problems found."""
        query = query or self.database.query
        # in one statement, which sees one moment: a clock may fire meanwhile, and its batch must be in both or in neither
        found = query("SELECT 1 AS what, sequence AS number, at, event::bigint, service, coalesce(conversation::text, ''), coalesce(message::text, ''), "
                      "coalesce(encode(digest, 'hex'), ''), detail, encode(prev_hash, 'hex'), encode(hash, 'hex') FROM throughcare.audit_export "
                      "UNION ALL SELECT 2, no, at, last_sequence, encode(root, 'hex'), encode(prev_hash, 'hex'), encode(last_hash, 'hex'), encode(signature, 'hex'), '', '', '' "
                      "FROM throughcare.batch_export WHERE no > 0 ORDER BY what, number")
        rows, heads = [row[1:] for row in found if row[0] == "1"], [row[1:] for row in found if row[0] == "2"]
        problems, hashes, previous = [], [b""], bytes(32)
        for number, row in enumerate(rows, 1):
            sequence, at, event = (int(value) for value in row[:3])
            value = audit_hash(sequence, at, event, row[3], *(bytes.fromhex(i.replace("-", "")) for i in row[4:7]), row[7], previous)
            if sequence != number or bytes.fromhex(row[8]) != previous or bytes.fromhex(row[9]) != value:
                problems.append(f"audit row {row[0]} does not fit")
                break
            hashes.append(value)
            previous = value
        return problems + self._verify_heads(heads, hashes)

    def _verify_heads(self, heads, hashes):
        first, key = 0, public_bytes(signing_key(self.area.broker_seed))
        for row in heads:
            head = self.pb.Head(batch=int(row[0]), at=int(row[1]), last_sequence=int(row[2]), root=bytes.fromhex(row[3]),
                                previous=bytes.fromhex(row[4]), last_hash=bytes.fromhex(row[5]))
            leaves = hashes[first + 1:head.last_sequence + 1]
            if not leaves or tree_root(leaves) != head.root or leaves[-1] != head.last_hash:
                return [f"batch {head.batch}: its root is not that of its rows"]
            try:
                verify(key, bytes.fromhex(row[6]), head_digest(self.area.authority, self.area.broker_id, head))
            except Refused:
                return [f"batch {head.batch}: its signature is not the broker's"]
            first = head.last_sequence
        return [] if first == len(hashes) - 1 else ["rows beyond the last batch"]
