"""Files that are written and never closed: many, renamed, deleted, grown, shrunk, mapped; and truncate(2)."""

import mmap
import os
from pathlib import Path

from promises import deleted, kept, moved, pause, save

QUIET_SECONDS = 1.6
COUNT = 18
fds = [os.open(f"h{n}.c", os.O_WRONLY | os.O_CREAT, 0o644) for n in range(COUNT)]
for n, fd in enumerate(fds):
    os.write(fd, b"int h%d;\n" % n)
    kept(f"h{n}.c", b"int h%d;\n" % n)
one = os.open("one.c", os.O_RDWR | os.O_CREAT)  # empty, and held so
kept("one.c", b"")
save("cut.c", b"int cut;\nint off;\n")
pause(QUIET_SECONDS)
Path("d").mkdir()
for n, fd in enumerate(fds):
    match n % 3:
        case 0:
            Path(f"h{n}.c").rename(f"k{n}.c")
            moved(f"h{n}.c", f"k{n}.c")
            os.write(fd, b"int renamed;\n")
            kept(f"k{n}.c", b"int h%d;\nint renamed;\n" % n)
        case 1:
            Path(f"h{n}.c").unlink()
            deleted(f"h{n}.c")
            os.write(fd, b"int gone;\n")
        case 2:
            Path(f"h{n}.c").rename(f"d/h{n}.c")
            os.write(fd, b"int in_a_folder;\n")
Path("d").rename("e")
for n in range(2, COUNT, 3):
    kept(f"e/h{n}.c", b"int h%d;\nint in_a_folder;\n" % n)
os.posix_fallocate(one, 0, 100)
kept("one.c", bytes(100))
os.truncate("cut.c", 9)
kept("cut.c", b"int cut;\n")
pause(QUIET_SECONDS)
for at in range(90, -10, -10):  # from the end to the beginning
    os.pwrite(one, b"0123456789", at)
kept("one.c", b"0123456789" * 10)
os.truncate("cut.c", 0)
kept("cut.c", b"")
pause(QUIET_SECONDS)
os.ftruncate(one, 5)
os.pwrite(one, b"x", 40)
os.fdatasync(one)
kept("one.c", b"01234" + bytes(35) + b"x")
for fd in fds:
    os.write(fd, b"int end;\n")
    os.close(fd)
for n in range(0, COUNT, 3):
    kept(f"k{n}.c", Path(f"k{n}.c").read_bytes())
    kept(f"e/h{n + 2}.c", Path(f"e/h{n + 2}.c").read_bytes())
pause(QUIET_SECONDS)

# A mapping outlives the descriptor; its end is the close.
os.ftruncate(one, 4096)
with mmap.mmap(one, 4096) as page:
    os.close(one)
    page[:10] = b"int mapped"
    page.flush()
    pause(0.3)
    page[:11] = b"int mapped;"
kept("one.c", Path("one.c").read_bytes())
