"""What happens to PostgreSQL: killed, gone for a while, a wait for its synchronous standby cancelled, no room under its log."""
import shutil
import time

from disk import Disk
from harness import Failure, expect, wait_until

ROOM = 1 << 20


def kill_postgres(scene, times):
    for _ in range(times):
        time.sleep(scene.chance.uniform(0.1, 0.8))
        scene.place.database.kill()
        time.sleep(scene.chance.uniform(0.0, 1.0))
        scene.place.database.start()
        scene.load.flows(60)


def away(scene, times, shortest=3.0):
    """Stopped for seconds: nothing is accepted meanwhile, and everything goes on when it is back."""
    for _ in range(times):
        scene.place.database.stop()
        time.sleep(0.5)
        before = scene.load.accepted()
        time.sleep(scene.chance.uniform(shortest, shortest + 2))
        expect(scene.load.accepted() == before, "something was accepted while there was no database")
        scene.place.database.start()
        scene.load.flows(60)


def standby_cancelled(scene, times):
    """Whoever cancels the wait for a synchronous standby gets an OK that proves nothing: nobody is told that anything is safe."""
    query = scene.place.database.query
    for _ in range(times):
        query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        query("SELECT pg_reload_conf()")
        waiting = lambda: query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        wait_until(waiting, 20, "a commit to wait for the standby")
        time.sleep(scene.chance.uniform(0.2, 0.5))
        before = scene.load.accepted()
        for _ in range(scene.chance.randrange(1, 4)):
            query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            time.sleep(scene.chance.uniform(0.2, 0.6))
        expect(scene.load.accepted() == before, "what no standby has was said to be safe")
        query("ALTER SYSTEM RESET synchronous_standby_names")
        query("SELECT pg_reload_conf()")
        scene.restart_ended()
        scene.load.flows(60)


class LogDisk:
    """PostgreSQL's write-ahead log on a disk of its own. A replication slot that nobody reads keeps it from being cut, as one often does where a disk fills."""

    def __init__(self, scene):
        self.database = scene.place.database
        self.path = self.database.home() / "data" / "pg_wal"
        self.database.stop()
        aside = self.path.with_name("pg_wal.aside")
        self.path.rename(aside)
        self.path.mkdir(mode=0o700)
        shutil.chown(self.path, aside.stat().st_uid, aside.stat().st_gid)
        self.disk = Disk(scene.h, self.path)
        scene.h.run(["cp", "-a", f"{aside}/.", self.path])
        shutil.rmtree(aside)
        self.database.start()

    def fill(self, most):
        self.database.query("SELECT pg_create_physical_replication_slot('keeps_all', true)")
        self.disk.fill(most)

        def full():
            try:
                self.database.query("SELECT pg_switch_wal()")
            except Failure:
                return True
        wait_until(full, 60, "the log's disk to be full")

    def make_room(self):
        """PostgreSQL may have ended for want of it."""
        self.disk.make_room()
        time.sleep(0.3)
        if not self.database.process.alive:
            self.database.start()
        self.query("SELECT pg_drop_replication_slot('keeps_all')")
        self.query("CHECKPOINT")

    def query(self, sql):
        """It may still be finding its feet."""
        def done():
            try:
                self.database.query(sql)
                return True
            except Failure:
                return not self.database.process.alive and self.database.start()
        wait_until(done, 60, f"PostgreSQL to do {sql}")

    def put_back(self, h):
        self.database.stop()
        kept = self.path.with_name("pg_wal.kept")
        h.run(["cp", "-a", self.path, kept])
        self.disk.unmount()
        self.path.rmdir()
        kept.rename(self.path)
        self.database.start()


def log_full(scene, times):
    """No room under the write-ahead log: nothing is accepted, whoever sends is told, and all goes on when there is room."""
    load = scene.load
    log = LogDisk(scene)
    load.flows(60)
    for _ in range(times):
        told = load.history.away
        log.fill(scene.chance.randrange(ROOM))
        wait_until(lambda: load.history.away > told, 30, "those who send to be told that nothing is taken")
        before = load.accepted()
        time.sleep(scene.chance.uniform(1.0, 3.0))
        expect(load.accepted() == before, "something was accepted while there was no room for it")
        log.make_room()
        load.flows(60)
    log.put_back(scene.h)
    load.flows(60)
