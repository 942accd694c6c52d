"""What one organisation does to the others: a flood far beyond its quota, and a receiver that reads nothing. The others' p99 may at most double."""
import threading
import time

import zmq

from harness import expect
from wire import Refused

PROBES = 300   # a round; p99 is the third worst
FLOOD_QUOTA = 600  # items a minute, of the organisation that floods
TIMES = 50     # what it tries to send, of that


def one(pb, area, prison):
    header = pb.Header(kind=pb.Kind.RELEASE_NOTIFICATION)
    header.release.certainty, header.release.route, header.release.meet_asked = pb.Certainty.PLANNED, pb.Route.BAIL, pb.YesNo.YES
    header.release.prison, header.release.area_certainty, header.release.area = prison, pb.AreaCertainty.CONFIRMED, area
    return header


def p99(client, place, history):
    """Milliseconds of a message after another from their sending to their receipt."""
    took = []
    for _ in range(PROBES):
        header = one(place.pb, place.area.code, "quietly")
        header.recipient = "spoc"
        items = client.message_items(header, {place.pb.Part.MINIMUM: place.pb.Minimum(note="x")})
        history.aside.add(header.id)
        begun = time.monotonic()
        (receipt, refusal), *_ = client.settle(client.submit(items))
        took.append((time.monotonic() - begun) * 1000)
        expect(receipt is not None, f"a neighbour was refused: {refusal}")
        client.deliveries.clear()
        for table in (client.sent, client.receipts, client.headers, client.opened_keys):
            table.clear()
    return sorted(took)[-PROBES // 100]


class Flood(threading.Thread):
    """Sends what it has again and again, as fast as fifty times its quota; what the door does not take, it waits with."""

    def __init__(self, place, host, history):
        super().__init__(daemon=True)
        self.place, self.ending, self.items, self.history = place, threading.Event(), 0, history
        self.client = place.client("flood")
        self.client.connect(host)
        self.client.socket.setsockopt(zmq.SNDTIMEO, 50)

    def run(self):
        header = one(self.place.pb, self.place.area.code, "flood")
        header.recipient = "spoc"
        item = self.client.message_items(header, {self.place.pb.Part.MINIMUM: self.place.pb.Minimum(note="x" * 1000)})
        self.history.aside.add(header.id)
        begun = time.monotonic()
        while not self.ending.is_set():
            if self.items > (time.monotonic() - begun) * FLOOD_QUOTA * TIMES / 60:
                time.sleep(0.002)
                continue
            try:
                self.client.submit(item * 16)
                self.items += 32
            except (zmq.Again, Refused):
                pass

    def end(self):
        self.ending.set()
        self.join()
        self.client.close()


class Deaf:
    """Asks for everything and reads nothing; meanwhile it is sent a hundred kilobytes."""

    def __init__(self, place, host, sender, history):
        self.client = place.client("deaf", credit=256)
        self.client.connect(host)
        for _ in range(60):
            header = one(place.pb, place.area.code, "quietly")
            header.recipient = "deaf"
            items = sender.message_items(header, {place.pb.Part.MINIMUM: place.pb.Minimum(note="x" * 1900)})
            history.aside.add(header.id)
            sender.settle(sender.submit(items))

    def end(self):
        self.client.close()


def hold_to(what, place, prober, history, make):
    """Within one run, before and during; a noisy machine gets two more chances, and what was measured is said."""
    for _ in range(3):
        before = p99(prober, place, history)
        each = make()
        time.sleep(0.5)
        during = p99(prober, place, history)
        each.end()
        print(f"{what}: p99 of another organisation {before:.1f} ms before, {during:.1f} ms during ({during / before:.2f})", flush=True)
        if during <= 2 * before:
            return
    raise AssertionError(f"{what} slowed the others: p99 {before:.1f} ms became {during:.1f} ms")


def flood_and_slow(scene, times):
    place, load = scene.place, scene.load
    host_of = lambda service: f"{place.area.hosts[scene.active()]}:{place.area.port(service)}"

    def flood():
        each = Flood(place, host_of("flood"), load.history)
        each.start()
        return each

    for _ in range(times):
        prober = place.client("quiet")
        prober.connect(host_of("quiet"))
        hold_to(f"a flood of {TIMES} times its quota", place, prober, load.history, flood)
        hold_to("a receiver that reads nothing", place, prober, load.history, lambda: Deaf(place, host_of("deaf"), prober, load.history))
        prober.close()
        load.flows()
