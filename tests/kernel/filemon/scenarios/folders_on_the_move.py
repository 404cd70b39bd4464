"""Folders are renamed, exchanged, moved out and in while files in them are being saved."""

import ctypes
import os
import threading
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause, save

EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)

Path("hw/src/deep").mkdir(parents=True)
pause(0.3)
for n in range(5):
    save(f"hw/src/deep/f{n}.c", b"int f%d;\n" % n)
pause()

# The folder is renamed while a file in it is open; the program goes on writing.
with Path("hw/src/deep/f0.c").open("wb") as file:
    file.write(b"int begun;\n")
    file.flush()
    Path("hw").rename("hw-1")
    pause()
    file.write(b"int ended;\n")
for n in range(1, 5):
    moved(f"hw/src/deep/f{n}.c", f"hw-1/src/deep/f{n}.c")
kept("hw-1/src/deep/f0.c", b"int begun;\nint ended;\n")
pause()

# A program saves by a descriptor of the folder while its path changes again and again.
folder = os.open("hw-1/src/deep", os.O_RDONLY | os.O_DIRECTORY)
ending = threading.Event()


def save_again_and_again() -> None:
    n = 0
    while not ending.is_set():
        fd = os.open("f1.c", os.O_WRONLY | os.O_TRUNC, dir_fd=folder)
        os.write(fd, b"int save%d;\n" % n)
        os.close(fd)
        n += 1
        pause(0.02)


saving = threading.Thread(target=save_again_and_again)
saving.start()
for n in range(1, 6):
    pause()
    Path(f"hw-{n}").rename(f"hw-{n + 1}")
pause()
ending.set()
saving.join()
kept("hw-6/src/deep/f1.c", Path("hw-6/src/deep/f1.c").read_bytes())
pause()

# Out and in again, with a change made outside that a program there had open before.
Path("hw-6").rename(OUTSIDE / "away")
for n in range(5):
    deleted(f"hw-6/src/deep/f{n}.c")
pause()
(OUTSIDE / "away/src/deep/f2.c").write_bytes(b"int changed_outside;\n")
(OUTSIDE / "away").rename("back")
kept("back/src/deep/f2.c", b"int changed_outside;\n")
pause()
save("back/src/deep/f3.c", b"int back;\n")
pause()

# Two folders change places, and so do all the files in them.
Path("other/src/deep").mkdir(parents=True)
pause(0.3)
save("other/src/deep/f3.c", b"int other;\n")
pause()
assert _libc.renameat2(-100, b"back", -100, b"other", EXCHANGE) == 0
kept("back/src/deep/f3.c", b"int other;\n")
kept("other/src/deep/f3.c", b"int back;\n")
pause()
save("other/src/deep/f4.c", b"int after;\n")
pause()

# An empty folder is replaced by a full one, and a folder goes into another that is new.
Path("empty").mkdir()
Path("other/src/deep").rename("empty")
for n in (0, 1, 2, 3, 4):
    moved(f"other/src/deep/f{n}.c", f"empty/f{n}.c")
pause()
Path("n1/n2/n3").mkdir(parents=True)
Path("empty").rename("n1/n2/n3/full")
kept("n1/n2/n3/full/f4.c", b"int after;\n")
pause()
save("n1/n2/n3/full/f4.c", b"int at_last;\n")
