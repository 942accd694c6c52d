"""What happens to adapters: killed in the middle of a file, of a delivery, of a confirmation; no room under their spool. What a spool holds in the end is
held against the history: everything once, and told of once."""
import contextlib
import json
import sqlite3
import time

from desk import Desk, at
from disk import Disk
from harness import expect, program, wait_until
from lists import ListAdapter
from preload import preloaded

ROWS = 40  # of a list
PATIENCE = 8.0  # seconds for an adapter to come to the act that it dies at
OPENED, ACCEPTED = 5, 2  # events of the audit


class Spool:
    """What a station has in hand, read while its program does not run."""

    def __init__(self, path):
        self.path = path

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)) as spool:
            return spool.execute(sql).fetchall()

    def note_sent(self, pb, history):
        """What was sent from here, and what it was told of that: as good as any sender's word. Gives how many."""
        sent = self.rows("SELECT id, header, sequence FROM message WHERE direction = 1")
        for message, raw, sequence in sent:
            header = pb.Header.FromString(raw)
            history.note_tried(bytes(message), header.sender, header.recipient)
            if sequence:
                history.note_accepted(bytes(message), sequence)
        return len(sent)

    def check_received(self, history, service):
        """Every message accepted for this service once, and told of once."""
        there = {row[0] for row in self.rows("SELECT id FROM message WHERE direction = 0")}
        mine = lambda which: {bytes(message) for message in which if history.tried[message][1] == service}
        accepted, tried = mine(history.accepted), mine(history.tried)
        told = self.rows("SELECT count(*), count(DISTINCT message) FROM event WHERE type = 0")[0]
        expect(accepted <= there <= tried, f"{len(accepted - there)} messages are missing, {len(there - tried)} were never sent")
        expect(told[0] == told[1] == len(there), f"{told[0]} events for {told[1]} of {len(there)} messages")


def dies(process, seconds=PATIENCE):
    """Whether it came to the act. One that had nothing to do is killed where it is."""
    end = time.monotonic() + seconds
    while process.alive and time.monotonic() < end:
        time.sleep(0.02)
    died = not process.alive
    process.kill()
    expect(process.popen.returncode == -9, f"it ended with {process.popen.returncode} by itself")
    return died


def so_often(times, once, what):
    """Killed there, that is: one that had nothing to do does not count."""
    killed = 0
    for _ in range(4 * times):
        killed += bool(once())
        if killed == times:
            return
    raise AssertionError(f"it came to {what} {killed} times, not {times}")


class Dying:
    """A station of a service that everything goes to, and that dies all the time."""

    def __init__(self, scene, station):
        self.scene = scene
        self.desk = Desk(scene.h, scene.place, "cjip", station)
        self.spool = Spool(scene.place.area.folder / f"cjip.{station}.spool")
        self.asked, self.opened = False, set()

    def start(self, **env):
        self.desk.process = self.scene.h.start([program("throughcare-service"), "--config", self.desk.config], name="cjip-dying", env=env)

    def die_at(self, act, number, when):
        self.desk.process.kill()
        self.start(**preloaded("die_at", DIE_AT=f"{act} {number} {when}"))

    def question(self, seconds, **question):
        """Its answer, or None when it died over it."""
        try:
            with self.desk.connect() as peer:
                peer.settimeout(seconds)
                peer.sendall(json.dumps(question).encode() + b"\n")
                return json.loads(peer.makefile().readline())
        except (OSError, ValueError):
            return None

    def open_some(self, seconds=2):
        """Workers open what has come, until the program dies."""
        rows = (self.question(seconds, do="inbox", filter={"limit": 50}) or {}).get("result") or []
        for row in rows:
            if row["id"] in self.opened or not self.desk.process.alive:
                continue
            answer = self.question(seconds, do="opened", id=row["id"], worker="w-017")
            if answer and answer.get("ok"):
                self.opened.add(row["id"])

    def check(self):
        """It has everything, and each opening that it took is on record once."""
        query = self.scene.place.database.query
        newest = int(query("SELECT max(number) FROM throughcare.delivery WHERE recipient = 'cjip'")[0][0])
        wait_until(lambda: self.desk.ask("status")["held"] >= newest, 180, "the killed adapter to catch up")
        if self.asked: # each of the killed ones may have died before it took any
            self.open_some(30)
        wait_until(lambda: self.desk.ask("status")["waiting"]["confirmations"] == 0, 60, "every confirmation to be taken")
        self.desk.process.stop()  # its spool is its own while it runs
        self.spool.check_received(self.scene.load.history, "cjip")
        on_record = [row[0] for row in query(f"SELECT message FROM throughcare.audit WHERE event = {OPENED} AND service = 'cjip'")]
        expect(len(on_record) == len(set(on_record)), "an opening is on record twice")
        expect(self.opened or not self.asked, "nothing was opened")
        expect(self.opened <= set(on_record), f"{len(self.opened - set(on_record))} openings were taken and are not on record")


def dying_one(scene):
    if "dying" not in scene.stations:
        scene.stations["dying"] = Dying(scene, "dying")
    return scene.stations["dying"]


def in_a_delivery(scene, times):
    """Between taking a frame from the network and its commit, or in the commit."""
    dying = dying_one(scene)

    def once():
        act = scene.chance.choice(["zmq_msg_recv", "fdatasync"])
        dying.die_at(act, scene.chance.randrange(2, 12), scene.chance.choice(["before", "after"]))
        return dies(dying.desk.process)
    so_often(times, once, "a delivery")
    dying.start()


def in_a_confirmation(scene, times):
    """Between saying what a worker opened and what the spool keeps of it, or around the frame that says so."""
    dying = dying_one(scene)
    dying.asked = True

    def once():
        act = scene.chance.choice(["zmq_send", "fdatasync"])
        dying.die_at(act, scene.chance.randrange(2, 7), scene.chance.choice(["before", "after"]))
        end = time.monotonic() + PATIENCE
        while dying.desk.process.alive and time.monotonic() < end:
            dying.open_some()
            time.sleep(0.02)
        return dies(dying.desk.process, 0)
    so_often(times, once, "a confirmation")
    dying.start()


class Lists:
    """A prison's lists, each worked on by a program that dies in the middle of it until the list is done."""

    def __init__(self, scene):
        self.scene, self.lists = scene, 0
        place = scene.place
        self.adapter = ListAdapter(scene.h, "throughcare-carat", "carat", place.area.passport("files"), "lists", "[team]\nname=Made-up\nphone=01632 960111\n")
        self.spool = Spool(place.area.folder / "files.desk.spool")

    def drop(self):
        self.lists += 1
        row = dict(surname="Made-Up", first_name="Somebody", date_of_birth="14/03/1997", sex="1", certainty="planned", route="bail",
                   expected_date="2099-11-24", meet_asked="yes", area=self.scene.place.area.code, area_certainty="confirmed")
        self.adapter.drop([dict(row, prison_number=f"A{self.lists * 100 + i:04d}AA") for i in range(ROWS)], name=f"list-{self.lists}.csv")

    def die(self):
        """Once, at a commit of one of the rows."""
        if not self.adapter.waiting():
            self.drop()
        wish = f"fdatasync {self.scene.chance.randrange(3, ROWS)} {self.scene.chance.choice(['before', 'after'])}"
        process = self.scene.h.start(self.adapter.argv(), name="carat-dying", env=preloaded("die_at", DIE_AT=wish))
        return dies(process) and bool(self.adapter.waiting())

    def finish(self):
        """Each row once."""
        process = self.adapter.start()
        self.adapter.wait_taken(60)
        unsent = lambda: [r for r in self.adapter.rows("answers/answers.csv") if "Waiting here" in r["what is known"]]
        wait_until(lambda: len(self.adapter.rows("answers/answers.csv")) == self.lists * ROWS and not unsent(), 60, "every row to be sent")
        process.stop()
        sent = self.spool.note_sent(self.scene.place.pb, self.scene.load.history)
        expect(sent == self.lists * ROWS, f"{sent} messages for {self.lists} lists of {ROWS} rows")


def in_a_file(scene, times):
    lists = Lists(scene)
    so_often(times, lists.die, "a row")
    lists.finish()


class Brim:
    """A station whose spool lies on a disk that is full now and then."""

    def __init__(self, scene):
        self.scene = scene
        self.disk = Disk(scene.h, scene.h.dir / "brim")
        passport = scene.place.area.passport("cjip", "brim")
        self.spool = Spool(self.disk.path / "spool")
        passport.write_text(passport.read_text().replace("spool=cjip.brim.spool", f"spool={self.spool.path}"))
        self.desk = Desk(scene.h, scene.place, "cjip", "brim")

    def send(self):
        """None, or the error's code."""
        message = {"kind": "dose_request", "recipient": "health", "due_at": at(86400), "dose_request": {"asked_of": "prison"},
                   "parts": {"minimum": {"person": {"surname": "Made-Up"}, "note": "x" * self.scene.chance.randrange(2000)}}}
        done = self.desk.run("send", "-", "--json", json_in=message)
        return None if done.returncode == 0 else done.stdout + done.stderr

    def fill(self):
        self.disk.fill(self.scene.chance.randrange(1 << 18))
        words = wait_until(self.send, 60, "the spool's disk to be full", every=0)
        expect("spool_full" in words and "Make room" in words, f"a full disk was told as {words}")
        held = self.desk.ask("status")["held"]
        self.scene.load.flows()
        time.sleep(self.scene.chance.uniform(0.5, 1.5))
        expect(self.desk.process.alive, "the adapter ended")
        return held

    def make_room(self, held):
        self.disk.make_room()
        wait_until(lambda: self.send() is None, 20, "it to take messages again")
        wait_until(lambda: self.desk.ask("status")["held"] > held + 8, 60, "deliveries to go on")

    def check(self):
        query = self.scene.place.database.query
        newest = int(query("SELECT max(number) FROM throughcare.delivery WHERE recipient = 'cjip'")[0][0])
        wait_until(lambda: self.desk.ask("status")["held"] >= newest, 180, "the adapter to catch up")
        self.desk.process.stop()
        self.spool.check_received(self.scene.load.history, "cjip")
        self.disk.unmount()

    def note_sent(self):
        """Everything that it took is accepted."""
        wait_until(lambda: self.desk.ask("status")["waiting"]["messages"] == 0, 60, "everything that it took to be accepted")
        self.desk.process.stop()
        self.spool.note_sent(self.scene.place.pb, self.scene.load.history)
        self.desk.start()


def spool_full(scene, times):
    """What does not fit is refused and said so, what was taken is sent, and nothing that came is lost."""
    brim = scene.stations["brim"] = Brim(scene)
    for _ in range(times):
        brim.make_room(brim.fill())
    brim.note_sent()
