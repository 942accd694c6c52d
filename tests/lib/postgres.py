"""A throwaway PostgreSQL for tests, served by the same commands as the real one (deploy/lib/postgres.sh).

    database = harness.postgres()            # started, and "throughcare" migrated
    database.query("SELECT 1")               # rows of text, as the administrator
    database.kill(); database.start()        # a crash, and back
    database.env(user="throughcare_broker")  # PGHOST, PGPORT, PGUSER, PGDATABASE
    database.conninfo("throughcare_broker")  # the same as one string

fsync stays on unless durable=False.
"""
import pathlib
import signal
import subprocess

from harness import ROOT, Failure, wait_until

_LIBRARY = "set -euo pipefail; for part in common process endpoint postgres; do . \"$0/deploy/lib/$part.sh\"; done; "


def _shell(script, *arguments):
    """Runs a line with deploy/lib at hand; its output, cut at NUL bytes."""
    done = subprocess.run(["/bin/bash", "-c", _LIBRARY + script, str(ROOT), *map(str, arguments)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise Failure(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode().split("\0")


class Postgres:
    def __init__(self, harness, state, durable=True, migrate=True, settings=(), env=None):
        self.harness, self.state, self.name = harness, state, "throughcare"
        self.settings = list(settings) + ([] if durable else ["fsync=off", "full_page_writes=off"])
        self.process, self.server_env = None, env
        _shell('postgres_make "$1" --no-sync', state)
        self.host, self.port, self.admin = _shell(
            'postgres_env "$1"; printf "%s\\0%s\\0%s" "$PGHOST" "$PGPORT" "$PGUSER"', state)
        self.start()
        if migrate:
            self.migrate()

    def home(self):
        """Where the cluster's directory "data" is."""
        return pathlib.Path(_shell('printf "%s" "$(postgres_home "$1")"', self.state)[0])

    def start(self):
        """Starts it, and waits until it answers. After kill() this is crash recovery."""
        command = _shell('postgres_unlock "$1"; postgres_command "$@"; printf "%s\\0" "${PG_COMMAND[@]}"',
                         self.state, *self.settings)[:-1]
        self.process = self.harness.start(command, name="postgres", env=self.server_env, stop_signal=signal.SIGINT)
        wait_until(self.answers, 60, "PostgreSQL to answer")

    def answers(self):
        if not self.process.alive:
            raise Failure(f"PostgreSQL ended with {self.process.popen.returncode}")
        return self._psql("postgres", self.admin, "SELECT 1").returncode == 0

    def stop(self):
        return self.process.stop(60)

    def kill(self):
        """As a power cut to the database would, but for what the kernel had not yet written."""
        self.process.kill()

    def migrate(self):
        self.harness.run([ROOT / "deploy" / "migrate", self.name], env=self.env("", database=""), seconds=60)

    def env(self, user="throughcare_broker", database=None):
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": user or self.admin,
                "PGDATABASE": self.name if database is None else database or "postgres"}

    def conninfo(self, user="throughcare_broker"):
        return f"host={self.host} port={self.port} user={user} dbname={self.name}"

    def copy(self, name):
        """Another database with the same tables and rows; nobody may be connected to this one. Gives its conninfo."""
        self.query(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"', database="postgres")
        return f"host={self.host} port={self.port} user=throughcare_broker dbname={name}"

    def query(self, sql, user=None, database=None):
        """Rows as lists of text; NULL is the empty text."""
        done = self._psql(database or self.name, user or self.admin, sql)
        if done.returncode:
            raise Failure(f"{sql}\n{done.stderr}")
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def _psql(self, database, user, sql):
        return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-h", self.host,
                               "-p", self.port, "-U", user, "-d", database, "-c", sql],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def session(self):
        """One psql that stays: many small questions without a process each. Gives a function like query; it ends with this process."""
        psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-h", self.host, "-p", self.port, "-U", self.admin, "-d", self.name],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

        def ask(sql):
            psql.stdin.write(sql + ";\n\\echo \x1e\n")
            psql.stdin.flush()
            rows = []
            for line in iter(psql.stdout.readline, ""):
                if line == "\x1e\n":
                    return rows
                rows.append(line.rstrip("\n").split("\x1f"))
            raise Failure(f"psql ended: {sql}")
        ask.close = lambda: (psql.stdin.close(), psql.wait())
        return ask

    def forget(self):
        _shell('postgres_forget "$1"', self.state)
