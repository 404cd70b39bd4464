"""The same size and old times, or the same content: what looks unchanged to whoever compares times."""

import os
import shutil
from pathlib import Path

from promises import OUTSIDE, deleted, kept, pause, save

NAME = Path("main.c")
save("main.c", b"int a;\n")
times = NAME.stat()
pause()
for n in range(10):
    save("main.c", (b"int b;\n", b"int a;\n")[n % 2])
    os.utime(NAME, ns=(times.st_atime_ns, times.st_mtime_ns))
    pause(0.03)
for n in range(10):
    fd = os.open(NAME, os.O_WRONLY)
    os.pwrite(fd, b"%d" % n, 4)
    os.utime(fd, ns=(0, 0))
    os.close(fd)
    kept("main.c", b"int %d;\n" % n)
    pause(0.03)
for _ in range(3):
    save("main.c", b"int same;\n")
    pause(0.03)

olds = (OUTSIDE / "old0.c", OUTSIDE / "old1.c")
for old in olds:
    old.write_bytes(old.name.encode())
    os.utime(old, (1, 1))
for n in range(4):
    shutil.copy2(olds[n % 2], NAME)
    kept("main.c", olds[n % 2].read_bytes())
    pause(0.03)
for n in range(4):
    shutil.copy2(olds[n % 2], ".new")
    Path(".new").rename(NAME)
    kept("main.c", olds[n % 2].read_bytes())
    pause(0.03)

# There and back; deleted and made again with what it held; of a time to come, and before there was any.
save("main.c", b"int A;\n")
pause()
NAME.write_bytes(b"int B;\n")
save("main.c", b"int A;\n")
pause()
NAME.unlink()
deleted("main.c")
pause(0.2)
save("main.c", b"int A;\n")
pause()
for seconds in (2**33, -5):
    os.utime(NAME, (seconds, seconds))
    pause()
    save("main.c", b"int at%d;\n" % seconds)
    os.utime(NAME, (seconds, seconds))
