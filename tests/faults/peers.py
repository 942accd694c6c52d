"""Senders and receivers that live through faults: they reconnect, send again what has no receipt, and tell the History.

CARAT teams send release notifications, an arrest referral worker refers people whom the CJIP team takes on, a prescriber asks for doses and is never
answered: so there is something to lose, somebody to be answerable, and silence to be noticed.
"""
import collections
import random
import threading
import time

import zmq

from client import Client
from wire import Refused, now_us


class Peer(threading.Thread):
    """A station in its own thread that keeps coming back. Subclasses do their work in turn()."""

    def __init__(self, pb, passport, hosts, history, seed):
        super().__init__(daemon=True)
        self.pb, self.hosts, self.history = pb, hosts, history
        self.random = random.Random(seed)
        self.client = Client(pb, passport)
        self.stopping = threading.Event()
        self.connected = False
        self.connects = 0

    def run(self):
        while not self.stopping.is_set():
            try:
                if not self.connected:
                    self._connect()
                self.turn()
            except (Refused, TimeoutError, zmq.ZMQError) as error:
                if str(error).startswith(("receipt", "head", "delivery", "path")):
                    self.history.problem(f"{self.client.passport.service}: {error}")
                self.connected = False
                time.sleep(self.random.uniform(0.02, 0.1))
        self.client.close()

    def _connect(self):
        host = self.hosts[self.connects % len(self.hosts)]
        self.connects += 1
        self.client.held = self.durable()
        self.client.connect(host, timeout=1.5)
        self.connected, self.heard_at = True, time.monotonic()
        self.on_connect()

    def take(self, seconds):
        """One frame, if one comes. The end of the session, or two seconds of silence, are reasons to connect anew."""
        frame = self.client.receive(seconds)
        if frame is None:
            if time.monotonic() - self.heard_at > 2:
                raise TimeoutError("silence")
            return
        self.heard_at = time.monotonic()
        if frame.HasField("fault") and frame.fault.session_ends:
            raise Refused(f"fault {frame.fault.code}")

    def durable(self):
        return self.client.held

    def on_connect(self):
        pass

    def note_deliveries(self):
        """Its memory stands for a disk: what it noted, it held. Gives the headers of the messages among them."""
        headers = []
        for delivery in self.client.deliveries:
            header = self.pb.Header.FromString(delivery.message.header) if delivery.type == self.pb.DeliveryType.MESSAGE else None
            self.history.note_held(self.client.passport.service, delivery.number, header.id if header else None)
            headers += [header] if header else []
        if self.client.deliveries:
            self.client.deliveries.clear()
            self.client.confirm(self.pb.Step.HELD, upto=self.client.held)
        return headers

    def stop(self):
        self.stopping.set()
        self.join()


class Receiver(Peer):
    """Holds everything that comes."""

    def turn(self):
        self.take(0.2)
        self.note_deliveries()


class Sender(Peer):
    """Sends release notifications, a burst at a time, and never lets go of one without an answer."""

    every = 0.0  # seconds between bursts, at least

    def __init__(self, pb, passport, hosts, history, seed, recipient, burst=8):
        super().__init__(pb, passport, hosts, history, seed)
        self.recipient, self.burst, self.fresh_at = recipient, burst, 0.0
        self.open = {}        # envelope digest -> (message id, items)
        self.paused = threading.Event()

    def on_connect(self):
        for _, items in self.open.values():
            items[0].retry = True
        if self.open:
            self._submit(list(self.open.values()))

    def turn(self):
        if not self.open and not self.paused.is_set() and time.monotonic() > self.fresh_at + self.every:
            fresh = self.fresh()
            if fresh:
                self._submit(fresh)
                self.fresh_at = time.monotonic()
        self.take(0.2 if self.open else 0.05)
        self._settle()
        self.look_at(self.note_deliveries())
        self._resend_if_old()

    def fresh(self):
        """New work: [(message id, items)]."""
        return [self._make() for _ in range(self.burst)]

    def look_at(self, headers):
        """At messages that came."""

    def idle(self):
        return not self.open

    def _make(self):
        pb = self.pb
        header = pb.Header(kind=pb.Kind.RELEASE_NOTIFICATION, recipient=self.recipient)
        header.release.certainty, header.release.route = pb.Certainty.PLANNED, pb.Route.BAIL
        own = self.client.directory.services[self.client.passport.service]
        header.release.area = own.area
        header.release.prison, header.release.area_certainty = own.prison, pb.AreaCertainty.CONFIRMED
        header.release.meet_asked = pb.YesNo.YES
        return self.entry(header)

    def entry(self, header):
        pb = self.pb
        minimum = pb.Minimum(person=pb.Person(surname=f"Made-Up-{self.random.randrange(10**6)}"))
        items = self.client.message_items(header, {pb.Part.MINIMUM: minimum})
        self.history.note_tried(header.id, self.client.passport.service, header.recipient)
        return header.id, items

    def _submit(self, entries):
        items = [item for _, each in entries for item in each]
        digests = self.client.submit(items)
        self.sent_at = time.monotonic()
        for place, (message, each) in zip(range(0, len(items), 2), entries):
            self.open[digests[place]] = (message, each)

    def _settle(self):
        for digest in list(self.open):
            message, items = self.open[digest]
            receipt, refusal = self.client.receipts.pop(digest, None), self.client.refusals.pop(digest, None)
            if receipt is not None:
                self.history.note_accepted(message, receipt.sequence)
                del self.open[digest]
            elif refusal is not None and refusal.code not in (111, 113, 251):  # database_away, busy, clock_stopped: to be sent again
                self.history.note_refused(message, refusal.code)
                del self.open[digest]
            elif refusal is not None:
                self.history.away += refusal.code == 111
                items[0].retry = True
                self.sent_at = time.monotonic() - 10

    def _resend_if_old(self):
        """No answer for two seconds: the same bytes again, now marked as a retry. Half of the time over a new connection."""
        if not self.open or time.monotonic() - self.sent_at < 2:
            return
        if self.random.random() < 0.5:
            raise TimeoutError("no receipt")
        self.on_connect()


class Finder(Sender):
    """Refers somebody every now and then, and is answerable for them until they are taken on."""

    every = 0.5

    def _make(self):
        header = self.pb.Header(kind=self.pb.Kind.REFERRAL, recipient=self.recipient, urgency=self.pb.Urgency.ROUTINE)
        header.referral.pathway = self.pb.Pathway.CRACK
        return self.entry(header)


class Taker(Sender):
    """Takes on whoever is referred."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.referred = collections.deque()

    def look_at(self, headers):
        self.referred += [header for header in headers if header.kind == self.pb.Kind.REFERRAL]

    def idle(self):
        return not self.open and not self.referred

    def fresh(self):
        return [self._answer(self.referred.popleft()) for _ in range(min(self.burst, len(self.referred)))]

    def _answer(self, referral):
        header = self.pb.Header(kind=self.pb.Kind.REFERRAL_ANSWER, recipient=referral.sender, conversation=referral.conversation, in_reply_to=referral.id)
        header.referral_answer.reply, header.referral_answer.named_worker = self.pb.ReferralReply.ACCEPT, "w-021"
        entry = self.entry(header)
        self.history.note_taken_on(header.id, referral.conversation, self.client.passport.service)
        return entry


class Asker(Sender):
    """Asks for doses that are needed at once, and that nobody answers: a quarter of an hour later somebody else must know."""

    every = 1.0

    def _make(self):
        header = self.pb.Header(kind=self.pb.Kind.DOSE_REQUEST, recipient=self.recipient)
        header.due_at = now_us() + 1_000_000
        header.dose_request.asked_of = self.pb.AskedOf.PRISON
        entry = self.entry(header)
        self.history.note_unanswered(header.id)
        return entry
