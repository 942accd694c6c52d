"""Senders and receivers that live through faults: they reconnect, send again what has no receipt, and tell the History."""
import random
import threading
import time

import zmq

from client import Client
from wire import Refused


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

    def stop(self):
        self.stopping.set()
        self.join()


class Receiver(Peer):
    """Holds everything that comes. Its memory stands for a disk: what it noted, it held."""

    def turn(self):
        self.take(0.2)
        if not self.client.deliveries:
            return
        for delivery in self.client.deliveries:
            is_message = delivery.type == self.pb.DeliveryType.MESSAGE
            header = self.pb.Header.FromString(delivery.message.header) if is_message else None
            self.history.note_held(self.client.passport.service, delivery.number, header.id if header else None)
        self.client.deliveries.clear()
        self.client.confirm(self.pb.Step.HELD, upto=self.client.held)


class Sender(Peer):
    """Sends release notifications, a burst at a time, and never lets go of one without an answer."""

    def __init__(self, pb, passport, hosts, history, seed, recipient, burst=8):
        super().__init__(pb, passport, hosts, history, seed)
        self.recipient, self.burst = recipient, burst
        self.open = {}        # envelope digest -> (message id, items)
        self.paused = threading.Event()

    def on_connect(self):
        for _, items in self.open.values():
            items[0].retry = True
        if self.open:
            self._submit(list(self.open.values()))

    def turn(self):
        if not self.open and not self.paused.is_set():
            fresh = [self._make() for _ in range(self.burst)]
            self._submit(fresh)
        self.take(0.2 if self.open else 0.05)
        self._settle()
        self._confirm()
        self._resend_if_old()

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
        minimum = pb.Minimum(person=pb.Person(surname=f"Made-Up-{self.random.randrange(10**6)}"))
        items = self.client.message_items(header, {pb.Part.MINIMUM: minimum})
        self.history.note_tried(header.id, self.client.passport.service, self.recipient)
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
                items[0].retry = True
                self.sent_at = time.monotonic() - 10

    def _confirm(self):
        if self.client.deliveries:
            for delivery in self.client.deliveries:
                self.history.note_held(self.client.passport.service, delivery.number, None)
            self.client.deliveries.clear()
            self.client.confirm(self.pb.Step.HELD, upto=self.client.held)

    def _resend_if_old(self):
        """No answer for two seconds: the same bytes again, now marked as a retry. Half of the time over a new connection."""
        if not self.open or time.monotonic() - self.sent_at < 2:
            return
        if self.random.random() < 0.5:
            raise TimeoutError("no receipt")
        self.on_connect()
