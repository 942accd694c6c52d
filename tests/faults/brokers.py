"""What happens to brokers: killed beside their standby, stopped at each point of a commit, put to sleep while the other takes over, cut off from
their adapters or their database, on a host whose clock jumps, before a crowd."""
import os
import resource
import signal
import socket
import time

import zmq

from harness import expect, wait_until
from preload import Preload

FAILPOINTS = ["before_flush", "after_flush", "after_commit", "after_commit_before_receipt", "after_receipt_before_delivery"]


def kill_brokers(scene, times):
    for _ in range(times):
        time.sleep(scene.chance.uniform(0.05, 0.6))
        index = scene.chance.randrange(2)
        scene.brokers[index].kill()
        if scene.chance.random() < 0.3:
            time.sleep(scene.chance.uniform(0.0, 0.5))
        scene.restart(index, wait=False)
        scene.load.flows()


def two_actives(scene, times):
    """The active one is stopped in its tracks and the database lets go of it; its standby takes over; then it wakes, and still believes itself active."""
    for _ in range(times):
        asleep = scene.brokers[scene.active()]
        asleep.signal(signal.SIGSTOP)
        scene.place.database.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        scene.load.flows()
        asleep.signal(signal.SIGCONT)
        time.sleep(scene.chance.uniform(0.2, 0.8))
        scene.restart_ended()
        scene.load.flows()
    wait_until(lambda: sorted(scene.states()) == ["active", "standby"], 20, "one to be active and one to stand by")


def stop_at_failpoints(scene, times):
    """Before and after the flush, after the commit and before its receipt, after the receipt and before the delivery: the broker ends there, and its standby goes on."""
    for name in FAILPOINTS * times:
        index = scene.chance.randrange(2)
        scene.brokers[index].kill()
        scene.restart(index, wait=False, env={"TC_FAILPOINT": f"{name}:{scene.chance.randrange(1, 60)}"})
        broker = scene.brokers[index]
        broker.wait_log("event=ready", 20)
        scene.brokers[1 - index].kill()
        wait_until(lambda: not broker.alive, 60, f"the broker to end at {name}")
        expect(broker.wait(5) == 86, f"the broker did not end at {name}")
        scene.restart_ended()
        scene.load.flows()


def network_faults(scene, times):
    """Between adapters and brokers."""
    _relays(scene, times, [index for index in range(len(scene.load.network.relays)) if index not in scene.load.databases])


def database_network_faults(scene, times):
    """Between brokers and database."""
    _relays(scene, times, scene.load.databases)


def _relays(scene, times, indexes):
    for _ in range(times):
        index, mode = scene.chance.choice(indexes), scene.chance.choice(["cut", "one_way", "delay"])
        scene.load.network.fault(index, mode)
        time.sleep(scene.chance.uniform(0.3, 2.5))
        scene.load.network.fault(index, "pass")
        scene.load.flows()


def clock_jumps(scene, times):
    """An hour or a day forwards or back, in the middle of it: the broker's clocks stop and it says so, nothing fires that is not due, and it goes on when the time is right."""
    jump = Preload(scene.h, "clock_jump", "CLOCK_JUMP")
    early = lambda: scene.place.database.query("SELECT count(*) FROM throughcare.clock_end e JOIN throughcare.clock c ON c.id = e.clock "
                                               f"WHERE e.how = 11 AND c.due_at > (extract(epoch FROM clock_timestamp()) + {scene.load.shift}) * 1000000")[0][0]
    scene.first_works(env=jump.env)
    broker = scene.brokers[0]
    scene.brokers[1].kill()
    hours = [1, -1, 24, -24] * ((times + 3) // 4)
    for number, hour in enumerate(hours[:times], 1):
        jump.set((hour * 3600 + scene.chance.randrange(60)) * 1_000_000)
        wait_until(lambda: broker.log().count("event=clocks_stopped") >= number, 15, f"its clocks to stop at {hour} h")
        time.sleep(scene.chance.uniform(0.5, 1.5))
        expect(early() == "0", f"a clock fired before it was due because the host's jumped by {hour} h")
        jump.set(0)
        wait_until(lambda: broker.log().count("event=clocks_running") >= number, 15, "its clocks to run again")
        scene.load.flows(60)
    scene.restart(1)
    scene.first_works()


def quiet(context, passport, endpoint):
    """A connection that ends its handshake and then says nothing."""
    each = context.socket(zmq.DEALER)
    each.curve_serverkey, each.curve_publickey = zmq.utils.z85.encode(passport.broker_curve), zmq.utils.z85.encode(passport.curve_public)
    each.curve_secretkey = zmq.utils.z85.encode(passport.curve_secret)
    each.connect(endpoint)
    return each


def served(place, host, port, seconds):
    """How long a newcomer waits to be greeted."""
    begun = time.monotonic()
    client = place.client("spoc")
    client.connect(f"{host}:{port}", timeout=seconds)
    client.close()
    return time.monotonic() - begun


def crowd(scene, times):
    """Two thousand connections of one service that say nothing, and two hundred that never end their handshake: another is served within a second."""
    place = scene.place
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    for _ in range(times):
        index = scene.active()
        host, port = place.area.hosts[index], place.area.port("spoc")
        context, passport = zmq.Context(io_threads=1), place.client("spoc").passport
        context.set(zmq.MAX_SOCKETS, 4000)
        connections = lambda: len(os.listdir(f"/proc/{scene.brokers[index].pid}/fd"))
        most = connections()
        idle = [quiet(context, passport, f"tcp://{host}:{port}") for _ in range(2000)]
        wait_until(lambda: connections() >= most + 1990, 60, "two thousand connections")  # those few that it had may have come and gone
        served(place, host, port, 60)  # it has got through their handshakes
        before = connections()
        stalled = [socket.create_connection((host, port), 5) for _ in range(200)]
        wait_until(lambda: connections() >= before + 190, 4, "two hundred more that never end their handshake")
        took = served(place, host, port, 5)
        print(f"a crowd of 2000 and 200: the next was served after {took * 1000:.0f} ms", flush=True)
        expect(took < 1, "a crowd kept another from being served")
        for each in stalled:
            each.close()
        context.destroy(linger=0)
        del idle
        wait_until(lambda: connections() < most + 100, 60, "the crowd to be gone")  # the next is counted from there
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
