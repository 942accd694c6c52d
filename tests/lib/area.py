"""A made-up area for tests: an authority, services with keys and passports, a signed directory, a broker's keys.

    area = Area(harness.dir / "area", pb)
    area.add("oakdale-carat", "CARAT", organisation="oakdale", prison="oakdale")
    area.sign()                                     # writes directory.bin and every passport
    client = Client(pb, Passport(area.passport("oakdale-carat")))

Written from PROTOCOL.md with tests/interop/wire.py, so that the programs' own tools can be tested against it. Everything lies in
one folder, mode 0700, and goes with the harness.
"""
import os
import pathlib

import zmq

from wire import (directory_digest, hpke_seal, linkage_info, now_us, public_bytes, signing_key)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives import serialization
from harness import free_port

DAY = 86400 * 1_000_000


def curve_pair():
    public, secret = zmq.curve_keypair()
    return zmq.utils.z85.decode(public), zmq.utils.z85.decode(secret)


def sealing_pair():
    secret = X25519PrivateKey.generate()
    raw = secret.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    return public_bytes(secret), raw


class Keys:
    """A service's keys; stations share all but the CURVE pair."""

    def __init__(self):
        self.seed = os.urandom(32)
        self.signing_public = public_bytes(signing_key(self.seed))
        self.sealing = [sealing_pair()]
        self.storage = os.urandom(32)
        self.stations = {}

    def text(self, service, station):
        public, secret = self.stations[station]
        made_at = now_us()
        lines = ["[keys]", f"service={service}", f"station={station}", "", "[curve]", f"public={public.hex()}",
                 f"secret={secret.hex()}", "", "[signing]", f"public={self.signing_public.hex()}", f"seed={self.seed.hex()}", ""]
        for number, (sealing, sealing_secret) in enumerate(self.sealing, 1):
            lines += [f"[sealing {number}]", f"public={sealing.hex()}", f"secret={sealing_secret.hex()}", f"made_at={made_at}", ""]
        return "\n".join(lines + ["[storage]", f"key={self.storage.hex()}", ""])


class Area:
    def __init__(self, folder, pb, code="northmoor", made_up=True):
        self.folder, self.pb, self.code, self.made_up = pathlib.Path(folder), pb, code, made_up
        self.folder.mkdir(mode=0o700, parents=True)
        self.authority_seed = os.urandom(32)
        self.authority = public_bytes(signing_key(self.authority_seed))
        self.broker_id, self.serial, self.linkage = os.urandom(16), 0, os.urandom(32)
        self.broker_curve, self.broker_seed, self.broker_hmac = curve_pair(), os.urandom(32), os.urandom(32)
        self.organisations, self.services, self.keys, self.spoc = {}, {}, {}, None
        self.hosts = ["127.0.0.1"]

    def add(self, service, kind, organisation=None, stations=("desk",), quota=6_000_000, prison=None, roles=()):
        """kind: a name of ServiceKind. roles: (Role name, service) pairs. The first SPOC is the area's."""
        organisation = organisation or service
        if organisation not in self.organisations:
            self.organisations[organisation] = (self._free_port(), quota)
        self.services[service] = dict(kind=self.pb.ServiceKind.Code.Value(kind), organisation=organisation, prison=prison, roles=roles)
        self.keys[service] = Keys()
        for station in stations:
            self.keys[service].stations[station] = curve_pair()
        if kind == "SPOC" and not self.spoc:
            self.spoc = service
        return service

    def _free_port(self):
        """One that none of this area's organisations has: the system may give the same twice."""
        taken = {port for port, _ in self.organisations.values()}
        return next(port for port in iter(free_port, None) if port not in taken)

    def snapshot(self, issued_at=None, days=14):
        pb, now = self.pb, issued_at or now_us() - 60_000_000
        snapshot = pb.Snapshot(authority=self.authority, name="Made-up area", serial=self.serial, issued_at=now,
                               expires_at=now + days * DAY, made_up=self.made_up)
        snapshot.broker.id, snapshot.broker.curve_key = self.broker_id, self.broker_curve[0]
        snapshot.broker.hosts.extend(self.hosts)
        snapshot.broker.signing_keys.add(key=public_bytes(signing_key(self.broker_seed)), from_at=now - DAY)
        snapshot.areas.add(code=self.code, name=self.code.title(), spoc=self.spoc)
        for code, (port, quota) in self.organisations.items():
            snapshot.organisations.add(code=code, name=code.title(), port=port, items_per_minute=quota)
        for service, entry in self.services.items():
            self._fill_service(snapshot.services.add(), service, entry, now)
        return snapshot

    def _fill_service(self, out, service, entry, now):
        keys = self.keys[service]
        out.id, out.name, out.organisation, out.area, out.kind = service, service.title(), entry["organisation"], self.code, entry["kind"]
        if entry["prison"]:
            out.prison = entry["prison"]
        for role, holder in entry["roles"]:
            out.roles.add(role=self.pb.Role.Code.Value(role), service=holder)
        for station, (public, _) in keys.stations.items():
            out.stations.add(id=station, curve_key=public)
        out.signing_keys.add(key=keys.signing_public, from_at=now - DAY)
        for number, (public, _) in enumerate(keys.sealing):
            out.sealing_keys.add(key=public, from_at=now - DAY + number)
        newest = keys.sealing[-1][0]
        out.linkage_enc, out.linkage_sealed = hpke_seal(newest, linkage_info(self.authority, service, newest), self.linkage)

    def sign(self, **options):
        """Signs the next serial and writes directory.bin, and every station's key file and passport."""
        self.serial += 1
        raw = self.snapshot(**options).SerializeToString()
        signature = signing_key(self.authority_seed).sign(directory_digest(raw))
        self.directory = self.folder / "directory.bin"
        self._write("directory.bin", self.pb.SignedSnapshot(snapshot=raw, signature=signature).SerializeToString())
        for service, keys in self.keys.items():
            for station in keys.stations:
                self._write(f"{service}.{station}.keys", keys.text(service, station).encode())
                self._write(f"{service}.{station}.passport", self._passport(service, station).encode())
        return self.directory

    def _write(self, name, data):
        path = self.folder / (name + ".new")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        path.rename(self.folder / name)

    def broker_keys(self):
        return (f"[curve]\npublic={self.broker_curve[0].hex()}\nsecret={self.broker_curve[1].hex()}\n\n[signing]\n"
                f"public={public_bytes(signing_key(self.broker_seed)).hex()}\nseed={self.broker_seed.hex()}\n\n[tokens]\n"
                f"key={self.broker_hmac.hex()}\n")

    def port(self, service):
        return self.organisations[self.services[service]["organisation"]][0]

    def _passport(self, service, station):
        brokers = ";".join(f"{host}:{self.port(service)}" for host in self.hosts)
        return (f"[passport]\nservice={service}\nstation={station}\norganisation={self.services[service]['organisation']}\n"
                f"authority={self.authority.hex()}\nbroker_curve={self.broker_curve[0].hex()}\nbrokers={brokers}\n"
                f"keys={service}.{station}.keys\ndirectory=directory.bin\nspool={service}.{station}.spool\n")

    def passport(self, service, station="desk"):
        return self.folder / f"{service}.{station}.passport"
