"""A database of three and two brokers' hosts in network namespaces (deploy/ha/run --database), and the harm that can be done to each.

    cluster = Cluster(harness)     # from then on this thread, and those it starts, are in that network
    cluster.act("pg1", "kill")     # kill, lose (killed, and stays away until "start"), freeze, thaw, cut, mend, stop, start
    cluster.primary()              # "pg1"
"""
import ctypes
import os
import pathlib
import subprocess

from harness import ROOT, Failure, expect, wait_until

CLONE_NEWNET = 0x40000000
HOSTS = {"broker-a": "10.77.0.21", "broker-b": "10.77.0.22"}
NODES, ETCD = ("pg1", "pg2", "pg3"), ("etcd1", "etcd2", "etcd3")


def possible():
    """Why it cannot be tried here; "" when it can."""
    if os.geteuid() != 0:
        return "not root: there can be no network namespaces"
    done = subprocess.run(["unshare", "--net", "--", "ip", "link", "add", "name", "br0", "type", "bridge"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return f"no network namespaces here: {done.stderr.strip()}" if done.returncode else ""


class Cluster:
    def __init__(self, harness):
        self.h, self.state = harness, harness.dir / "ha"
        self.env = {**os.environ, "TC_VAR_AT": str(self.state)}
        self.process = harness.start([ROOT / "deploy" / "ha" / "run", "--database"], name="cluster", env={"TC_VAR_AT": self.state})
        self.process.wait_log(r"(?m)^ready$", 120)
        self._enter()
        self.password = (self.state / "cluster" / "secrets" / "admin").read_text().strip()

    def _enter(self):
        with open(f"/proc/{self.holder('members')}/ns/net") as space:
            if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), CLONE_NEWNET):
                raise Failure(f"cannot enter the network: {os.strerror(ctypes.get_errno())}")

    def holder(self, host):
        return int((self.state / "run" / f"net-{host}.pid").read_text().split()[0])

    def within(self, host):
        """The words before a command that is to run at that host."""
        return ["nsenter", "--target", str(self.holder(host)), "--net", "--"]

    def _node(self, *words, seconds=90):
        return subprocess.run([ROOT / "deploy" / "ha" / "node", *words], env=self.env, timeout=seconds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True)

    def act(self, name, what):
        done = self._node(name, what)
        expect(done.returncode == 0, f"{name} {what}: {done.stdout}{done.stderr}")

    def primary(self):
        """The node whose Patroni says so; "" for none."""
        return self._node("primary").stdout.strip()

    def told(self):
        """What Patroni says of its members, and the ends of their logs: for a failure."""
        logs = "".join(f"--- {name}\n{(self.state / 'log' / f'{name}.log').read_text()[-3000:]}\n" for name in NODES)
        return self._node("list").stdout + logs

    def told_briefly(self):
        """What each node says of itself: whether it is a standby, who streams from it, and who waits for whom."""
        said = {}
        for name in NODES:
            try:
                said[name] = self.query("SELECT pg_is_in_recovery(), current_setting('synchronous_standby_names'), "
                                        "(SELECT string_agg(application_name || ' ' || state || ' ' || sync_state, ',') FROM pg_stat_replication), "
                                        "(SELECT string_agg(application_name || ':' || coalesce(state, '') || ':' || coalesce(wait_event, ''), ',') FROM pg_stat_activity "
                                        "WHERE usename = 'throughcare_broker')", hosts=[name])
            except Failure as failure:
                said[name] = str(failure).splitlines()[-1]
        return said

    def roles(self):
        """The primary, its synchronous standby and the third."""
        primary = wait_until(self.primary, 60, "a primary")
        sync = [row[0] for row in self.query("SELECT application_name FROM pg_stat_replication WHERE sync_state = 'sync'")]
        other = [name for name in NODES if name != primary and name not in sync]
        return primary, sync[0] if sync else "", other[0] if other else ""

    def whole(self):
        """Three nodes that stream, one of them synchronous."""
        try:
            return self.query("SELECT count(*), count(*) FILTER (WHERE sync_state = 'sync') FROM pg_stat_replication WHERE state = 'streaming'") == [["2", "1"]]
        except Failure:
            return False

    # What a place wants of its database.
    def conninfo(self):
        return self._library("cluster_conninfo")

    def _library(self, function):
        script = 'for part in common process endpoint postgres network cluster; do . "$0/deploy/lib/$part.sh"; done; "$1"'
        return subprocess.run(["/bin/bash", "-euo", "pipefail", "-c", script, ROOT, function], env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    def query(self, sql, user=None, database="throughcare", hosts=None):
        """Asked of the primary; or of the hosts of these nodes, whatever they are."""
        session = "any" if hosts else "read-write"
        hosts = ",".join(f"10.77.0.1{name[-1]}" for name in hosts or NODES)
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", sql,
                               f"host={hosts} user={user or 'throughcare_admin'} dbname={database} connect_timeout=3 target_session_attrs={session}"],
                              env={**os.environ, "PGPASSWORD": self.password}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise Failure(f"{sql}\n{done.stderr}")
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def forget(self):
        pass  # it goes with deploy/ha/run
