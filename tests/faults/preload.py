"""What is preloaded before one program to do something to it: clock_jump.c, zap_fault.c, die_at.c, slow_disk.c of this folder.

    jump = Preload(h, "clock_jump", "CLOCK_JUMP")
    broker = place.start_broker("b", env=jump.env)
    jump.set(3600 * 1_000_000)     # seen at once
"""
import os
import pathlib
import struct

from harness import program


def preloaded(library, **env):
    """The environment of a program that is to run with it; a sanitized one must not mind that something comes before its sanitizer."""
    path = pathlib.Path(program("throughcare-broker")).resolve().parent.parent / f"tests/faults/lib{library}.so"
    return {"LD_PRELOAD": str(path), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0", **env}


class Preload:
    """One that is told by a number in a file."""

    def __init__(self, h, library, variable, name=None):
        self.path = h.dir / (name or library)
        self.path.write_bytes(struct.pack("=q", 0))
        self.env = preloaded(library, **{variable: str(self.path)})

    def set(self, number):
        with self.path.open("r+b") as file:
            file.write(struct.pack("=q", number))
