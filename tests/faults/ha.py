"""Every member of the highly available place harmed in turn, under load, with the history checker: tests/faults/run --ha, and tests/ha/run in short.

Nothing accepted may be lost, service must be back within 30 seconds (45 in the short form, which may run on a crowded machine: a primary that is cut
off takes 25 on two cores that are not, and Patroni, etcd and three databases share them), no clock may fire twice, and the audit must be whole on whichever node is the
primary at the end. Prints for each fault the longest time in which nothing was accepted.
"""
import random
import signal
import threading
import time

from cluster import ETCD, HOSTS, Cluster
from harness import Failure, Harness, expect, wait_until
from place import Place
from steady import BACK_WITHIN, SteadyLoad, both_there, broker_names

SERVICES = [("carat", "CARAT", dict(organisation="oakdale", prison="oakdale")),
            ("other-carat", "CARAT", dict(organisation="elmbridge", prison="elmbridge")), ("cjip", "CJIP", {}), ("spoc", "SPOC", {})]
RESTART_SEC = 2  # of deploy/throughcare-broker.service
# harm -> what mends it
MEND = {"kill": None, "lose": "start", "freeze": "thaw", "cut": "mend", "stop": "start"}
FULL = [(who, harm) for who in ("primary", "sync", "replica") for harm in ("kill", "lose", "freeze", "cut", "stop")] + \
       [(member, harm) for member in ETCD for harm in ("kill", "lose", "freeze", "cut", "stop")] + \
       [(who, harm) for who in ("active", "standby") for harm in ("kill", "freeze", "cut", "stop")]
SHORT = [("primary", "lose"), ("replica", "cut"), ("etcd2", "kill"), ("active", "freeze"), ("primary", "cut")]


class HaPlace(Place):
    def __init__(self, h, cluster):
        super().__init__(h, SERVICES, database=cluster)
        self.cluster = cluster
        self.area.hosts = list(HOSTS.values())
        self.within = lambda name: cluster.within(f"broker-{name}")
        self.brokers_by, self.stopped, self.ending = {}, set(), threading.Event()

    def start(self, name):
        self.stopped.discard(name)
        self.brokers_by[name] = self.start_broker(name, wait=False)

    def keep(self):
        """Starts what ended, two seconds later, as its unit under systemd would; until `ending`, and then it stays: what a thread started ends with it."""
        while True:
            for name, broker in list(self.brokers_by.items()):
                if not broker.alive and name not in self.stopped and not self.ending.is_set():
                    print(f"    broker {name} ended with {broker.popen.returncode}", flush=True)
                    if not self.ending.wait(RESTART_SEC):
                        self.start(name)
            time.sleep(0.2)


def resolve(place, who):
    """A name of the fault's table -> a name of the cluster's."""
    if who in ETCD:
        return who
    if who in ("active", "standby"):
        active, standby = broker_names(place)
        return f"broker-{active if who == 'active' else standby}"
    return dict(zip(("primary", "sync", "replica"), place.cluster.roles()))[who]


def harm_broker(place, name, harm):
    broker = place.brokers_by[name[-1]]
    if harm == "kill":
        broker.kill()
    elif harm == "stop":
        place.stopped.add(name[-1])
        expect(broker.stop() == 0, "the broker did not leave in good order")
    elif harm == "freeze":
        broker.signal(signal.SIGSTOP)
    else:
        place.cluster.act(name, harm)


def mend_broker(place, name, harm):
    broker = place.brokers_by[name[-1]]
    if harm == "freeze":
        broker.signal(signal.SIGCONT)
    elif harm == "cut":
        place.cluster.act(name, "mend")
    place.stopped.clear()


def one_fault(place, load, who, harm, chance, within):
    name, cluster = resolve(place, who), place.cluster
    is_broker, moves = name.startswith("broker"), who == "primary" and harm != "kill"
    time.sleep(chance.uniform(0.2, 1.0))
    place.shift_time(place.shift + 9000)  # every clock of two hours that runs now runs out in the middle of it
    place.shift += 9000
    try:
        silence = load.silence_while(lambda: harm_broker(place, name, harm) if is_broker else cluster.act(name, harm), 8, (lambda: cluster.primary() not in ("", name)) if moves else lambda: True)
    except Failure as failure:
        print(cluster.told(), flush=True)
        states = {broker: place.broker_state(broker) for broker in "ab"}
        raise Failure(f"{who} ({name}) {harm}: {failure}; brokers {states}; PostgreSQL {cluster.told_briefly()}") from None
    print(f"{who} ({name}) {harm}: nothing accepted for {silence:.1f} s; {load.accepted()} accepted so far", flush=True)
    if is_broker:
        mend_broker(place, name, harm)
    elif MEND[harm]:
        cluster.act(name, MEND[harm])
    begun = time.monotonic()
    try:
        wait_until(cluster.whole, 180, f"three nodes again after {harm} of {name}", every=0.5)
    except Failure:
        print(cluster.told(), flush=True)
        raise
    print(f"    three nodes again after {time.monotonic() - begun:.0f} s", flush=True)
    wait_until(lambda: both_there(place), 60, "an active broker and a standby", every=0.2)
    again = load.longest_silence(1)
    expect(max(silence, again) <= within, f"{who} {harm}: nothing was accepted for {max(silence, again):.0f} s")
    return silence


def check(place, load):
    query = place.database.query
    problems = load.history.check(query) + place.verify_audit()
    # One of a kind for each message, but the clocks of those who are told, rung by rung; and each row of the audit has a clock of its own that ended by it.
    problems += [f"a clock fired twice: {row}" for row in query("SELECT message, detail, count(*) FROM throughcare.audit WHERE event = 11 AND detail <> 'told' "
                                                                 "GROUP BY 1, 2 HAVING count(*) > 1")]
    fired, ended = (int(query(f"SELECT count(*) FROM {rows}")[0][0]) for rows in ("throughcare.audit WHERE event = 11", "throughcare.clock_end WHERE how = 11"))
    problems += [f"{fired} clocks fired by the audit, and {ended} ended so"] if fired != ended else []
    expect(fired > 0, "no clock fired at all: nothing was shown about clocks")
    for problem in problems[:20]:
        print(problem)
    expect(not problems, f"{len(problems)} problems")
    print(f"{load.accepted()} accepted, every one stored and delivered once; {fired} clocks fired once; the audit verifies on {place.cluster.primary()}")


def run(faults, seed, within=BACK_WITHIN):
    begun, chance = time.monotonic(), random.Random(seed)
    with Harness() as h:
        place = HaPlace(h, Cluster(h))
        place.shift = 0
        for name in "ab":
            place.start(name)
        threading.Thread(target=place.keep, daemon=True).start()
        try:
            wait_until(lambda: both_there(place), 60, "an active broker and a standby")
            load = SteadyLoad(place, seed)
            load.longest_silence(2)
            print(f"ready after {time.monotonic() - begun:.0f} s", flush=True)
            silences = [one_fault(place, load, who, harm, chance, within) for who, harm in faults]
            load.settle()
            check(place, load)
        finally:
            place.ending.set()
    print(f"{len(faults)} faults in {time.monotonic() - begun:.0f} s; longest without service {max(silences):.1f} s")
