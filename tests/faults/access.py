"""The handler that libzmq asks who may come in: absent, dead, stuck, answering nonsense, letting everybody in; and a key that is blocked while it is in use.

In each case nobody comes in who may not: no stranger, no blocked key. A broker that is so when it starts opens no door; one that becomes so while it
works goes on for those who are in, says what is wrong, and ends, so that its standby serves.
"""
import time

from area import curve_pair
from harness import expect, wait_until
from preload import Preload
from wire import Refused

GOOD, ABSENT, DEAD, STUCK, OPEN = range(5)
NONSENSE = {"another version": 5, "another question's answer": 6, "no status": 7, "an answer too short": 8, "an answer too long": 9}
AT_START = {"absent": ABSENT, "stuck": STUCK, "letting everybody in": OPEN, **NONSENSE}
SAID = {OPEN: "a stranger's key was let in"}
BLOCKED, BLOCKED_ONE = 106, "deaf"


def comes_in(place, client, host, seconds):
    """Whether it was greeted."""
    try:
        client.connect(f"{host}:{place.area.port(client.passport.service)}", timeout=seconds)
        return True
    except (TimeoutError, Refused):
        return False
    finally:
        client.close()


def stranger(place):
    client = place.client("quiet")
    client.passport.curve_public, client.passport.curve_secret = curve_pair()
    return client


def opens_nothing(scene):
    """Started so, it ends with what is wrong, and no door was open. Broker 1 is tried; broker 0 works meanwhile."""
    place, fault = scene.place, Preload(scene.h, "zap_fault", "ZAP_FAULT", "fault-at-start")
    scene.brokers[1].kill()
    for what, number in AT_START.items():
        fault.set(number)
        broker = place.start_broker("b", wait=False, env=fault.env)
        expect(broker.wait(20) == 1, f"a handler {what}: the broker did not end with 1")
        expect(SAID.get(number, "a good key was not let in") in broker.log(), f"a handler {what}: it said {broker.log()[-500:]}")
        expect("event=ready" not in broker.log(), f"a handler {what}: it said that it is ready")
    scene.restart(1)


def fails_at_work(scene, fault, number):
    """Broker 0 works, and its handler fails: those who are in are served, nobody else comes in, and it ends so that broker 1 serves."""
    place, load, broker, host = scene.place, scene.load, scene.brokers[0], scene.place.area.hosts[0]
    before = load.accepted()
    fault.set(number)
    wait_until(lambda: load.accepted() > before, 5, "those who are in to be served")
    expect(not comes_in(place, stranger(place), host, 0.7), "a stranger came in")
    expect(not comes_in(place, place.client(BLOCKED_ONE), host, 0.7), "a blocked key came in")
    expect(number == OPEN or not comes_in(place, place.client("quiet"), host, 0.7), "somebody came in whom nobody let in")
    expect(broker.wait(30) == 1, "it did not end with 1")
    event = "access_control_open" if number == OPEN else "access_control_silent"
    expect(f"event={event} reason=ends" in broker.log(), f"it did not say what is wrong: {broker.log()[-500:]}")
    fault.set(GOOD)
    load.flows(60)


def block_at_work(scene):
    """A key blocked while its connection is in use is cut off within a second, and stays out until it is unblocked."""
    place, host, name = scene.place, scene.place.area.hosts[0], "quiet"
    client = place.client(name)
    client.connect(f"{host}:{place.area.port(name)}")
    told_off = lambda frame: frame.HasField("fault") and frame.fault.code == BLOCKED and frame.fault.session_ends
    begun = time.monotonic()
    expect(scene.ask("a", {"do": "block", "service": name})["ok"], "it could not be blocked")
    try:
        client.wait(told_off, 1)
        took = time.monotonic() - begun
        client.hello()  # over the same connection
        client.wait(told_off, 1)
    except TimeoutError:
        raise AssertionError("a blocked key was not cut off within a second") from None
    expect(not comes_in(place, place.client(name), host, 0.7), "a blocked key came in again")
    expect(scene.ask("a", {"do": "unblock", "service": name})["ok"], "it could not be unblocked")
    wait_until(lambda: comes_in(place, place.client(name), host, 1), 10, "it to come in when it is no longer blocked")
    client.close()
    return took


def access(scene, times):
    fault = Preload(scene.h, "zap_fault", "ZAP_FAULT")
    scene.first_works(env=fault.env)
    expect(scene.ask("a", {"do": "block", "service": BLOCKED_ONE})["ok"], "it could not be blocked")
    took, nonsense = [], sorted(NONSENSE.values())
    for number in range(times):
        opens_nothing(scene)
        took.append(block_at_work(scene))
        for kind in (DEAD, STUCK, OPEN, scene.chance.choice(nonsense)) if times == 1 else (DEAD, STUCK, OPEN, *nonsense):
            fails_at_work(scene, fault, kind)
            scene.first_works(env=fault.env)
    expect(scene.ask("a", {"do": "unblock", "service": BLOCKED_ONE})["ok"], "it could not be unblocked")
    print(f"a blocked key was cut off after {max(took) * 1000:.0f} ms", flush=True)
    scene.first_works()
