"""Fifty saves a second of one file, in place and atomic by turns; many files at once; thousands that move."""

import time
from pathlib import Path

from promises import OUTSIDE, kept, pause, save

due = time.monotonic()
for n in range(200):
    content = b"int s%d;\n" % n
    if n % 2:
        Path("s.c").write_bytes(content)
    else:
        Path(".s").write_bytes(content)
        Path(".s").rename("s.c")
    kept("s.c", content)
    # A stall moves what follows: no two are less than 20 ms apart.
    due = max(due, time.monotonic()) + 0.02
    time.sleep(max(0.0, due - time.monotonic()))
for turn in range(5):
    for n in range(100):
        save(f"m{n}.c", b"int m%d_%d;\n" % (n, turn))
    pause(0.2)
for n in range(20):
    Path(f"big/d{n}").mkdir(parents=True)
pause(0.3)
for n in range(2000):
    Path(f"big/d{n % 20}/f{n}.c").write_bytes(b"int f%d;\n" % n)
Path("big").rename("large")
save("large/d0/f0.c", b"int at_once;\n")
pause(0.5)
Path("large").rename(OUTSIDE / "large")
(OUTSIDE / "large/d0/f20.c").write_bytes(b"int outside;\n")
(OUTSIDE / "large/d0/f40.c").unlink()
(OUTSIDE / "large").rename("back")
save("back/d0/f60.c", b"int back;\n")
kept("back/d0/f20.c", b"int outside;\n")
pause(0.5)
Path("node_modules").mkdir()
Path("back").rename("node_modules/back")
Path("node_modules/back/d0/f20.c").write_bytes(b"int hidden;\n")
Path("node_modules/back").rename("again")
save("again/d1/f1.c", b"int again;\n")
kept("again/d0/f20.c", b"int hidden;\n")
