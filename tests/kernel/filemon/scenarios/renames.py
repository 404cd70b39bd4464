"""rename(2) and renameat2(2) in every way: chains, swaps, exchanges, whiteouts, changes of case."""

import ctypes
import os
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause, save

NOREPLACE, EXCHANGE, WHITEOUT = 1, 2, 4
_libc = ctypes.CDLL(None, use_errno=True)


def renamed(source: str, destination: str, flags: int = 0) -> bool:
    return bool(_libc.renameat2(-100, os.fsencode(source), -100, os.fsencode(destination), flags) == 0)


for name in ("a", "b", "c"):
    save(f"{name}.c", b"int %s;\n" % name.encode())
pause()

renamed("b.c", "gone.txt")
deleted("b.c")
pause(0.3)  # A name that is taken again at once is no deletion: so editors keep a backup.
renamed("a.c", "b.c")
moved("a.c", "b.c")
save("a.c", b"int new_a;\n")
pause()
renamed("b.c", "d.c")
moved("b.c", "d.c")
renamed("a.c", "b.c")
moved("a.c", "b.c")
save("a.c", b"int newest_a;\n")
pause()

# b and c change places by a third name, then by one call.
renamed("b.c", ".third")
renamed("c.c", "b.c")
renamed(".third", "c.c")
kept("b.c", b"int c;\n")
kept("c.c", b"int new_a;\n")
pause()
assert renamed("b.c", "c.c", EXCHANGE)
kept("b.c", b"int new_a;\n")
kept("c.c", b"int c;\n")
pause()
for n in range(4):
    save("new.c", b"int exchanged%d;\n" % n)
    pause()
    assert renamed("new.c", "c.c", EXCHANGE)
    kept("c.c", b"int exchanged%d;\n" % n)
    pause()
assert not renamed("new.c", "c.c", NOREPLACE)
if renamed("new.c", "free.c", WHITEOUT | NOREPLACE):  # not on every file system
    Path("new.c").unlink()
else:
    renamed("new.c", "free.c")
moved("new.c", "free.c")
pause()
renamed("free.c", "Free.c")
moved("free.c", "Free.c")
pause()
renamed("Free.c", "FREE.C")  # no source's name any more
deleted("Free.c")
pause()
renamed("FREE.C", "free.c")
kept("free.c", b"int exchanged2;\n")
pause()
(OUTSIDE / "a.c").write_bytes(b"int from_outside;\n")
assert renamed(str(OUTSIDE / "a.c"), "a.c", EXCHANGE)
kept("a.c", b"int from_outside;\n")
pause()
Path("link").symlink_to("a.c")
renamed("link", "free.c")
deleted("free.c")
pause()
renamed("a.c", "free.c")
moved("a.c", "free.c")
