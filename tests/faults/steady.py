"""Two senders and a receiver at two brokers, without anything between them, and how long nothing was accepted; and which of the two brokers is which."""
import concurrent.futures
import time

from harness import Failure, wait_until
from history import History
from peers import Receiver, Sender

BACK_WITHIN = 30 # seconds


class SteadyLoad:
    """Two senders, one receiver, and when something was accepted last."""

    def __init__(self, place, seed):
        self.place, self.history = place, History()
        self.steps = concurrent.futures.ThreadPoolExecutor(1)  # one thread for all: what a thread started ends with it
        def make(kind, service, number, *rest):
            hosts = [f"{host}:{place.area.port(service)}" for host in place.area.hosts]
            return kind(place.pb, place.client(service).passport, hosts, self.history, seed + number, *rest)
        self.senders = [make(Sender, "carat", 1, "cjip"), make(Sender, "other-carat", 2, "cjip")]
        self.peers = [*self.senders, make(Receiver, "cjip", 3)]
        for peer in self.peers:
            peer.start()

    def accepted(self):
        return len(self.history.accepted)

    def longest_silence(self, seconds, done=lambda: True):
        """Watches for so long, and on until `done` and something was accepted lately. The longest time in which nothing was."""
        begun = last = time.monotonic()
        count, longest = self.accepted(), 0.0
        while True:
            time.sleep(0.02)
            now, new = time.monotonic(), self.accepted()
            longest = max(longest, now - last)
            if new > count:
                count, last = new, now
            if now - begun > seconds and now - last < 0.5 and done():
                return longest
            if now - last > 3 * BACK_WITHIN:
                raise Failure(f"nothing was accepted for {now - last:.0f} s")

    def silence_while(self, step, seconds, done=lambda: True):
        """The same, from before `step` is begun until after it has ended."""
        doing = self.steps.submit(step)
        silence = self.longest_silence(seconds, lambda: doing.done() and done())
        doing.result()
        return silence

    def settle(self):
        for sender in self.senders:
            sender.paused.set()
        wait_until(lambda: all(sender.idle() for sender in self.senders), 90, "every message to be answered")
        self.history.wait_held(90)
        for peer in self.peers:
            peer.stop()


def broker_names(place):
    states = {name: place.broker_state(name) for name in "ab"}
    return next((name for name, state in states.items() if state == "active"), ""), next((name for name, state in states.items() if state == "standby"), "")


def both_there(place):
    active, standby = broker_names(place)
    return bool(active and standby)
