"""A file is open while it, or a folder around it, comes in, goes out or is removed: the end decides."""

import os
from pathlib import Path

from promises import OUTSIDE, deleted, kept, never, pause, save

Path("d").mkdir()
pause(0.3)
with (OUTSIDE / "in.c").open("wb", buffering=0) as file:
    file.write(b"int begun;\n")
    (OUTSIDE / "in.c").rename("d/in.c")
    file.write(b"int ended;\n")
kept("d/in.c", b"int begun;\nint ended;\n")
pause()
save("d/out.c", b"int out;\n")
pause()
with Path("d/out.c").open("wb", buffering=0) as file:
    Path("d/out.c").rename(OUTSIDE / "out.c")
    file.write(b"int secret;\n")
deleted("d/out.c")
never("d/out.c")
pause()

# Now the folder.
(OUTSIDE / "t/u").mkdir(parents=True)
with (OUTSIDE / "t/u/w.c").open("wb", buffering=0) as file:
    file.write(b"int begun;\n")
    (OUTSIDE / "t").rename("t")
    pause(0.05)
    file.write(b"int ended;\n")
kept("t/u/w.c", b"int begun;\nint ended;\n")
pause()
with Path("t/u/w.c").open("wb", buffering=0) as file:
    file.write(b"int begun;\n")
    Path("t").rename(OUTSIDE / "t")
    file.write(b"int written_outside;\n")
deleted("t/u/w.c")
pause()
(OUTSIDE / "t").rename("t")
kept("t/u/w.c", b"int begun;\nint written_outside;\n")
pause(0.3)

# It is out for longer than a second of quiet, and comes back still open.
with Path("t/u/w.c").open("wb", buffering=0) as file:
    Path("t").rename(OUTSIDE / "t")
    file.write(b"int meanwhile;\n")
    pause(1.2)
    (OUTSIDE / "t").rename("t")
    kept("t/u/w.c", b"int meanwhile;\n")
    pause(0.5)
    file.write(b"int back;\n")
kept("t/u/w.c", b"int meanwhile;\nint back;\n")
pause()

# What is written to a file without a name is nobody's, also where its folder is made again.
Path("r").mkdir()
pause(0.2)
save("r/f.c", b"int r;\n")
pause()
with Path("r/f.c").open("ab", buffering=0) as file:
    Path("r/f.c").unlink()
    Path("r").rmdir()
    deleted("r/f.c")
    pause(0.2)
    Path("r").mkdir()
    save("r/f.c", b"int again;\n")
    file.write(b"int to_nobody;\n")
pause()
fd = os.open("d/gone.c", os.O_RDWR | os.O_CREAT)
Path("d/gone.c").unlink()
os.write(fd, b"int unseen;\n")
never("d/gone.c")
pause(1.2)
os.close(fd)
