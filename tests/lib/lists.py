"""An adapter of lists and its folder, as a person at the service sees them."""
import csv

from harness import expect, program, wait_until


class ListAdapter:
    def __init__(self, h, name, group, passport, folder, settings=""):
        self.h, self.name, self.folder = h, name, h.dir / folder
        self.told = h.dir / f"{folder}.told"
        tell = h.dir / f"{folder}.tell"
        tell.write_text(f"#!/bin/sh\necho \"$1: $2\" >>{self.told}\n")
        tell.chmod(0o755)
        self.config = h.dir / f"{folder}.conf"
        self.config.write_text(f"[{group}]\npassport={passport}\nfolder={folder}\nnotify={tell}\nlook_every=1\n{settings}")

    def argv(self, *words):
        return [program(self.name), "--config", self.config, *words]

    def start(self, env=None):
        self.process = self.h.start(self.argv(), env=env)
        self.process.wait_log(r"<6>ready", 20)
        return self.process

    def drop(self, rows, name="list.csv", mark=b"\xef\xbb\xbf", end="\r\n", columns=None):
        """As a careful program does: under another name first."""
        incoming = self.folder / "in"
        incoming.mkdir(parents=True, exist_ok=True)
        columns = columns or list(dict.fromkeys(column for row in rows for column in row))
        with open(incoming / (name + ".part"), "wb") as file:
            file.write(mark)
        with open(incoming / (name + ".part"), "a", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, columns, restval="", lineterminator=end)
            out.writeheader()
            out.writerows(rows)
        (incoming / (name + ".part")).rename(incoming / name)

    def waiting(self):
        return [path.name for path in (self.folder / "in").glob("*.csv")]

    def wait_taken(self, seconds=30):
        wait_until(lambda: not self.waiting(), seconds, "the list to be taken")

    def rows(self, path):
        """A file that comes back, as a spreadsheet reads it; what it must look like for one."""
        try:
            raw = (self.folder / path).read_bytes()
        except FileNotFoundError:
            return []
        expect(raw.startswith(b"\xef\xbb\xbf"), f"{path} has no byte order mark")
        expect(raw.count(b"\n") == raw.count(b"\r\n"), f"{path} has other line ends than CRLF")
        return list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
