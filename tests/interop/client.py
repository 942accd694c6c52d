"""A Throughcare client in Python, written from PROTOCOL.md and throughcare.proto alone.

Connects as one station, follows the directory, sends and opens messages, checks every receipt. Nothing is kept on disk:
it is a proof of the protocol and a tool for tests, not an adapter to run a service on.
"""
import configparser
import os
import pathlib
import subprocess
import sys
import time

import zmq
import zmq.utils.z85 as z85

from wire import (Refused, audit_hash, commitment, content_digest, directory_digest, head_digest, hpke_open, hpke_seal, item_digest,
                  linkage_info, linkage_token, now_us, part_open, part_seal, signing_key, submission_digest,
                  tokens_digest, tree_climb, tree_root, uuid7, verify, wrap_info)


def load_proto(out):
    """Compiles throughcare.proto into the folder out and imports it."""
    proto = pathlib.Path(__file__).resolve().parents[2] / "proto"
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(["protoc", f"--python_out={out}", "-I", str(proto), str(proto / "throughcare.proto")], check=True)
    sys.path.insert(0, str(out))
    import throughcare_pb2
    return throughcare_pb2


class Passport:
    """What a station holds: who it is, where the broker is, its keys."""

    def __init__(self, path):
        path = pathlib.Path(path)
        text = configparser.ConfigParser(interpolation=None)
        text.read_string(path.read_text())
        entry = text["passport"]
        self.service, self.station = entry["service"], entry["station"]
        self.authority = bytes.fromhex(entry["authority"])
        self.broker_curve = bytes.fromhex(entry["broker_curve"])
        self.brokers = [b for b in entry["brokers"].split(";") if b]
        self.directory_path = path.parent / entry["directory"]
        keys = configparser.ConfigParser(interpolation=None)
        keys.read_string((path.parent / entry["keys"]).read_text())
        self.curve_public = bytes.fromhex(keys["curve"]["public"])
        self.curve_secret = bytes.fromhex(keys["curve"]["secret"])
        self.signing = signing_key(bytes.fromhex(keys["signing"]["seed"]))
        self.sealing = {bytes.fromhex(keys[s]["public"]): bytes.fromhex(keys[s]["secret"])
                        for s in keys.sections() if s.startswith("sealing")}


class Directory:
    """A verified snapshot."""

    def __init__(self, pb, signed_bytes, authority):
        signed = pb.SignedSnapshot.FromString(signed_bytes)
        verify(authority, signed.signature, directory_digest(signed.snapshot))
        self.snapshot = pb.Snapshot.FromString(signed.snapshot)
        if self.snapshot.authority != authority:
            raise Refused("directory: another authority")
        if self.snapshot.expires_at - self.snapshot.issued_at > 14 * 86400 * 1_000_000:
            raise Refused("directory: valid for too long")
        self.services = {s.id: s for s in self.snapshot.services}
        self.areas = {a.code: a for a in self.snapshot.areas}

    def sealing_key(self, service, at):
        return self._newest(self.services[service].sealing_keys, at)

    def signing_keys(self, service, at):
        return [k.key for k in self.services[service].signing_keys if k.from_at <= at and (not k.until_at or at < k.until_at)]

    @staticmethod
    def _newest(keys, at):
        good = [k for k in keys if k.from_at <= at and (not k.until_at or at < k.until_at)]
        return max(good, key=lambda k: k.from_at).key


class Client:
    """One connection of one station. Not safe for several threads."""

    def __init__(self, pb, passport, directory=None, credit=256):
        self.pb, self.passport, self.credit = pb, passport, credit
        self.directory = directory or Directory(pb, passport.directory_path.read_bytes(), passport.authority)
        self.broker = self.directory.snapshot.broker.id
        self.held = 0
        self.head = None
        self.sent = {}          # item digest -> (type, header or wrap)
        self.opened_keys = {}   # (message, part) -> part key
        self.headers = {}       # message id -> (Header, content)
        self.deliveries = []    # not yet looked at
        self.receipts = {}      # item digest -> Receipt
        self.refusals = {}
        self.socket = None

    # ---- transport ----

    def connect(self, host=None, server_key=None, hello=True, timeout=10):
        self.close()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDTIMEO, 10_000)  # a door that turns us away takes nothing, for ever
        self.socket.curve_serverkey = z85.encode(server_key or self.passport.broker_curve)
        self.socket.curve_publickey = z85.encode(self.passport.curve_public)
        self.socket.curve_secretkey = z85.encode(self.passport.curve_secret)
        self.socket.connect("tcp://" + (host or self.passport.brokers[0]))
        if hello:
            self.hello()
            return self.wait(lambda f: f.HasField("welcome"), timeout).welcome
        return None

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def hello(self, **changes):
        frame = self.pb.Frame()
        values = dict(version_min=1, version_max=1, service=self.passport.service, station=self.passport.station, held=self.held,
                      credit=self.credit, directory_serial=self.directory.snapshot.serial, software="interop")
        values.update(changes)
        for name, value in values.items():
            setattr(frame.hello, name, value)
        self.send(frame)

    def send(self, frame):
        self.socket.send(frame.SerializeToString())

    def receive(self, timeout):
        """The next frame, taken in; None when none came in time (seconds)."""
        if not self.socket.poll(max(0, int(timeout * 1000))):
            return None
        parts = self.socket.recv_multipart()
        if len(parts) != 1:
            raise Refused("extra_parts")
        frame = self.pb.Frame.FromString(parts[0])
        self._take(frame)
        return frame

    def wait(self, wanted, timeout=10):
        """Takes in frames until one is wanted; a session-ending Fault that is not wanted raises."""
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            frame = self.receive(left) if left > 0 else None
            if frame is None:
                raise TimeoutError("no such frame in time")
            if wanted(frame):
                return frame
            if frame.HasField("fault") and frame.fault.session_ends:
                raise Refused(f"fault {frame.fault.code} {frame.fault.field}")

    def until(self, condition, timeout=10):
        """Takes in frames until the condition holds."""
        end = time.monotonic() + timeout
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("it did not come about in time")
            self.receive(min(left, 0.2))

    def _take(self, frame):
        if frame.HasField("welcome"):
            self.welcome = frame.welcome
            self.session = frame.welcome.session
            if frame.welcome.HasField("head"):
                self._see_head(frame.welcome.head)
        elif frame.HasField("receipts"):
            self._take_receipts(frame.receipts)
        elif frame.HasField("deliver"):
            for delivery in frame.deliver.deliveries:
                self._take_delivery(delivery)

    # ---- submitting ----

    def submit(self, items, session=None, key=None):
        """Signs and sends items; gives their digests."""
        digests = [item_digest(i.type, i.body) for i in items]
        frame = self.pb.Frame()
        frame.submit.items.extend(items)
        over = submission_digest(self.passport.authority, self.broker, session or self.session, tree_root(digests))
        frame.submit.signature = (key or self.passport.signing).sign(over)
        self.send(frame)
        return digests

    def settle(self, digests, timeout=10):
        """Waits for a receipt or refusal of each; gives [(receipt or None, refusal or None)]."""
        self.until(lambda: all(d in self.receipts or d in self.refusals for d in digests), timeout)
        return [(self.receipts.get(d), self.refusals.get(d)) for d in digests]

    def send_message(self, header, parts=None, tokens=(), readers=None, timeout=10):
        """Completes and submits a message with its first wrap; gives its id. A refusal raises Refused(code, field, standing)."""
        items = self.message_items(header, parts or {}, tokens, readers)
        for receipt, refusal in self.settle(self.submit(items), timeout):
            if refusal is not None:
                raise Refused(refusal.code, refusal.field, refusal.standing)
        return header.id

    def message_items(self, header, parts, tokens=(), readers=None):
        pb, authority = self.pb, self.passport.authority
        if not header.id:
            header.id = uuid7()
        if not header.conversation:
            header.conversation = header.id
        header.sender = self.passport.service
        if not header.created_at:
            header.created_at = now_us()
        content, keys = pb.Content(), {}
        for part, plain in sorted(parts.items()):
            keys[part] = os.urandom(32)
            content.parts.add(part=part, sealed=part_seal(authority, header.id, part, keys[part], plain.SerializeToString()))
            header.parts.add(part=part, commitment=commitment(keys[part], header.id, part))
        raw = content.SerializeToString() if parts else b""
        header.content_digest = content_digest(raw)
        item = pb.Item(type=pb.ItemType.ENVELOPE)
        if raw:
            item.content = raw
        if tokens:
            item.token_salt = os.urandom(16)
            for strong, born in tokens:
                item.tokens.add(strong=strong, born=born)
            header.tokens_digest = tokens_digest(item.token_salt, tokens)
        item.body = header.SerializeToString()
        self.sent[item_digest(item.type, item.body)] = (item.type, header)
        items = [item]
        if parts:
            items.append(self._first_wrap(header, keys, readers))
        for part, key in keys.items():
            self.opened_keys[(header.id, part)] = key
        self.headers[header.id] = (header, raw)
        return items

    def _first_wrap(self, header, keys, readers):
        pb = self.pb
        if readers is None:
            everything = sorted(keys)
            readers = {header.sender: everything}
            if header.HasField("recipient"): # else a request for a service: whoever is found asks for its key
                readers[header.recipient] = everything
            area = header.request.area if header.HasField("request") else self.directory.services[header.recipient].area
            if area in self.directory.areas:
                readers.setdefault(self.directory.areas[area].spoc, [pb.Part.MINIMUM])
        wrap = pb.Wrap(id=uuid7(), message=header.id, maker=self.passport.service, made_at=now_us(), content_digest=header.content_digest)
        for service, wanted in readers.items():
            self._add_keys(wrap, header, service, {p: keys[p] for p in wanted if p in keys})
        return self._wrap_item(wrap, header)

    def _add_keys(self, wrap, header, service, keys):
        to = self.directory.sealing_key(service, now_us())
        for part, key in keys.items():
            info = wrap_info(self.passport.authority, header.id, part, header.content_digest, to)
            enc, sealed = hpke_seal(to, info, key)
            wrap.keys.add(service=service, key_id=to, part=part, enc=enc, sealed=sealed)

    def _wrap_item(self, wrap, header):
        item = self.pb.Item(type=self.pb.ItemType.WRAP, body=wrap.SerializeToString())
        self.sent[item_digest(item.type, item.body)] = (item.type, (wrap, header))
        return item

    def grant(self, delivery):
        """Answers a WRAP_REQUEST for a message whose keys are held here."""
        asked = delivery.wrap_request
        header, _ = self.headers[asked.message]
        wrap = self.pb.Wrap(id=uuid7(), message=asked.message, maker=self.passport.service, made_at=now_us(),
                            content_digest=header.content_digest, request=delivery.number)
        wanted = list(asked.parts) or [p.part for p in header.parts]
        self._add_keys(wrap, header, asked.service, {p: self.opened_keys[(asked.message, p)] for p in wanted})
        return self.submit([self._wrap_item(wrap, header)])

    def confirm(self, step, **fields):
        body = self.pb.Confirmation(step=step, service=self.passport.service, station=self.passport.station, at=now_us(), **fields)
        item = self.pb.Item(type=self.pb.ItemType.CONFIRMATION, body=body.SerializeToString())
        return self.submit([item])

    def hold(self, timeout=10):
        """Confirms everything that came so far."""
        return self.settle(self.confirm(self.pb.Step.HELD, upto=self.held), timeout)

    # ---- receipts and heads ----

    def _see_head(self, head):
        keys = [k.key for k in self.directory.snapshot.broker.signing_keys]
        over = head_digest(self.passport.authority, self.broker, head)
        for key in keys:
            try:
                verify(key, head.signature, over)
                break
            except Refused:
                continue
        else:
            raise Refused("head: no key of the broker signed it")
        if self.head is None or head.batch > self.head.batch:
            self.head = head
        elif head.batch == self.head.batch and head.last_hash != self.head.last_hash:
            raise Refused("head: two heads with one number: the log was forked")

    def _take_receipts(self, receipts):
        if receipts.HasField("head"):
            self._see_head(receipts.head)
        for receipt in receipts.receipts:
            if receipt.outcome == self.pb.Outcome.REFUSED:
                self.refusals[receipt.digest] = receipt
                continue
            if receipt.digest in self.sent:
                self._check_receipt(receipt, receipts.head)
            self.receipts[receipt.digest] = receipt

    def _check_receipt(self, receipt, head):
        item_type, what = self.sent[receipt.digest]
        envelope = item_type == self.pb.ItemType.ENVELOPE
        header = what if envelope else what[1]
        event = self.pb.AuditEvent.ACCEPTED if envelope else self.pb.AuditEvent.WRAPPED
        row = audit_hash(receipt.sequence, receipt.at, event, self.passport.service, header.conversation, header.id, receipt.digest,
                         "", receipt.previous)
        if tree_climb(row, receipt.index, receipt.count, list(receipt.path)) != head.root:
            raise Refused("receipt: its path does not lead to the signed root")

    # ---- deliveries ----

    def _take_delivery(self, delivery):
        if delivery.number <= self.held:
            return
        if delivery.number != self.held + 1:
            raise Refused(f"delivery: {delivery.number} after {self.held}")
        self.held = delivery.number
        self.deliveries.append(delivery)

    def next_delivery(self, wanted, timeout=10):
        """Removes and gives the first delivery that is wanted."""
        def find():
            return next((d for d in self.deliveries if wanted(d)), None)
        self.until(lambda: find() is not None, timeout)
        delivery = find()
        self.deliveries.remove(delivery)
        return delivery

    def open(self, delivery):
        """Verifies a MESSAGE delivery and opens every part that is wrapped for this service; gives (Header, {part: message})."""
        pb, carried = self.pb, delivery.message
        header = pb.Header.FromString(carried.header)
        self._check_provenance(pb.ItemType.ENVELOPE, carried.header, carried.provenance, header.sender, header.created_at)
        if content_digest(carried.content) != header.content_digest:
            raise Refused("wrong_digest")
        self.headers[header.id] = (header, carried.content)
        return header, self.open_parts(header, delivery.wraps)

    def open_parts(self, header, signed_wraps):
        pb, opened = self.pb, {}
        content = pb.Content.FromString(self.headers[header.id][1])
        sealed = {p.part: p.sealed for p in content.parts}
        committed = {p.part: p.commitment for p in header.parts}
        kinds = {pb.Part.MINIMUM: pb.Minimum, pb.Part.CLINICAL: pb.Clinical, pb.Part.RISK: pb.Risk, pb.Part.SAFEGUARDING: pb.Safeguarding}
        for signed in signed_wraps:
            wrap = pb.Wrap.FromString(signed.body)
            self._check_provenance(pb.ItemType.WRAP, signed.body, signed.provenance, wrap.maker, wrap.made_at)
            for key_wrap in wrap.keys:
                if key_wrap.service != self.passport.service or key_wrap.key_id not in self.passport.sealing:
                    continue
                part = key_wrap.part
                info = wrap_info(self.passport.authority, header.id, part, header.content_digest, key_wrap.key_id)
                key = hpke_open(self.passport.sealing[key_wrap.key_id], key_wrap.enc, info, key_wrap.sealed)
                if commitment(key, header.id, part) != committed[part]:
                    raise Refused("part: the commitment does not hold")
                opened[part] = kinds[part].FromString(part_open(self.passport.authority, header.id, part, key, sealed[part]))
                self.opened_keys[(header.id, part)] = key
        return opened

    def _check_provenance(self, item_type, body, provenance, signer, at):
        root = tree_climb(item_digest(item_type, body), provenance.index, provenance.count, list(provenance.path))
        over = submission_digest(self.passport.authority, self.broker, provenance.session, root)
        for key in self.directory.signing_keys(signer, at):
            try:
                return verify(key, provenance.signature, over)
            except Refused:
                continue
        raise Refused("bad_signature")

    # ---- linkage and queries ----

    def tokens(self, born, **numbers):
        entry = self.directory.services[self.passport.service]
        for public, secret in self.passport.sealing.items():
            try:
                key = hpke_open(secret, entry.linkage_enc, linkage_info(self.passport.authority, entry.id, public), entry.linkage_sealed)
                break
            except Refused:
                continue
        else:
            raise Refused("linkage: no key opens it")
        return [linkage_token(key, kind, number, born) for kind, number in numbers.items()]

    def query(self, kind, timeout=10, **fields):
        frame = self.pb.Frame()
        frame.query.id = int.from_bytes(os.urandom(3), "big")
        frame.query.type = kind
        for name, value in fields.items():
            setattr(frame.query, name, value)
        self.send(frame)
        return self.wait(lambda f: f.HasField("answer") and f.answer.id == frame.query.id, timeout).answer
