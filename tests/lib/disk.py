"""A small disk of a test's own, which can be full: a tmpfs in a mount namespace that nobody else sees and that ends with the test.

    own_mounts()                     # first of all: starts the script again where it may mount
    disk = Disk(h, path)             # from now on what lies under path is on it
    disk.fill(1 << 20); disk.make_room()
    disk.unmount()                   # or h does when it ends
"""
import os
import sys

ROOMY = "2g" # of what is written, not of memory taken


def own_mounts():
    if os.environ.get("TC_OWN_MOUNTS"):
        return
    who = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    os.environ["TC_OWN_MOUNTS"] = "yes"
    os.execvp("unshare", ["unshare", *who, "--mount", "--", sys.executable, *sys.argv])


class Disk:
    def __init__(self, h, path, size=ROOMY):
        self.h, self.path, self.size = h, path, size
        path.mkdir(mode=0o700, exist_ok=True)
        owner = path.stat()
        h.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700,uid={owner.st_uid},gid={owner.st_gid}", "made-up", path])
        h.mounts.append(path)

    def _resize(self, size, check=True):
        return self.h.run(["mount", "-o", f"remount,size={size}", self.path], check=check).returncode == 0

    def _fill(self, room, check):
        state = os.statvfs(self.path)
        return self._resize((state.f_blocks - state.f_bfree) * state.f_frsize + max(room, 4096), check)

    def fill(self, room=0):
        """Leaves room for so many bytes more, or a page. What is written meanwhile may be more than that, and then it does not fit."""
        if not any(self._fill(room, check=False) for _ in range(20)):
            self._fill(room, check=True)

    def make_room(self):
        self._resize(self.size)

    def unmount(self):
        self.h.run(["umount", self.path])
        self.h.mounts.remove(self.path)
