"""Folders change places by one call: nested, thrice at once, with one outside, with one nobody looks into."""

import ctypes
import os
from pathlib import Path

from promises import OUTSIDE, deleted, kept, pause, save

EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)


def exchange(one: str | Path, other: str | Path) -> None:
    assert _libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), EXCHANGE) == 0


for top in ("one", "two"):
    Path(top, "in/deep").mkdir(parents=True)
pause(0.3)
for n in range(12):
    save(f"one/in/deep/f{n}.c", b"int one%d;\n" % n)
for n in range(8):
    save(f"two/in/deep/f{n}.c", b"int two%d;\n" % n)
pause()
exchange("one", "two")
for n in range(8):
    kept(f"one/in/deep/f{n}.c", b"int two%d;\n" % n)
for n in range(12):
    kept(f"two/in/deep/f{n}.c", b"int one%d;\n" % n)
for n in range(8, 12):
    deleted(f"one/in/deep/f{n}.c")
pause(0.05)
save("one/in/deep/f0.c", b"int in_one;\n")
save("two/in/deep/f0.c", b"int in_two;\n")
pause()
for _ in range(3):
    exchange("one/in", "two/in")
pause(0.3)
kept("one/in/deep/f0.c", b"int in_two;\n")
save("one/in/deep/f1.c", b"int after_three;\n")
pause()
exchange("one/in/deep", "two")  # of different depth
kept("two/f1.c", b"int after_three;\n")
kept("one/in/deep/in/deep/f0.c", b"int in_one;\n")
pause(0.05)
save("two/new.c", b"int new;\n")
pause()
save("file.c", b"int file;\n")
pause()
exchange("file.c", "two")
pause(0.05)
save("file.c/f1.c", b"int in_a_folder_named_so;\n")
pause()
exchange("file.c", "two")
kept("file.c", b"int file;\n")
kept("two/f1.c", b"int in_a_folder_named_so;\n")
pause()

(OUTSIDE / "x").mkdir()
(OUTSIDE / "x/f1.c").write_bytes(b"int from_x;\n")
exchange("two", OUTSIDE / "x")
kept("two/f1.c", b"int from_x;\n")
for n in (2, 3, 4):
    deleted(f"two/f{n}.c")
pause(0.05)
(OUTSIDE / "x/f1.c").write_bytes(b"int secret;\n")
save("two/f1.c", b"int mine;\n")
pause()
Path("node_modules").mkdir()
Path("node_modules/m.c").write_bytes(b"int m;\n")
pause()
exchange("two", "node_modules")
kept("two/m.c", b"int m;\n")
deleted("two/f1.c")
pause(0.05)
save("two/m.c", b"int shown;\n")
pause()
exchange("two", "node_modules")
kept("two/f1.c", b"int mine;\n")
deleted("two/m.c")
