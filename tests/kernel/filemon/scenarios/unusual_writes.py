"""Every system call that changes a file's content: not only write(2)."""

import fcntl
import mmap
import os
import struct
from pathlib import Path

from promises import OUTSIDE, kept, pause, save

SIZE = 16 << 10
source = OUTSIDE / "source"
NAME = "main.c"


def complete() -> None:
    kept(NAME, Path(NAME).read_bytes())
    pause()


def given(content: bytes) -> int:
    source.write_bytes(content)
    return os.open(source, os.O_RDONLY)


save(NAME, b"int main;\n")
pause()
fd = os.open(NAME, os.O_WRONLY | os.O_TRUNC)
os.sendfile(fd, given(b"int sendfile;\n"), 0, SIZE)
os.close(fd)
complete()
fd = os.open(NAME, os.O_WRONLY | os.O_TRUNC)
os.copy_file_range(given(b"int copied;\n" * 100), fd, SIZE)
os.close(fd)
complete()
read_end, write_end = os.pipe()
os.write(write_end, b"int spliced;\n")
fd = os.open(NAME, os.O_WRONLY | os.O_TRUNC)
os.splice(read_end, fd, SIZE)
os.close(fd)
complete()
fd = os.open(NAME, os.O_RDWR)
for at in (40, 0, 80):
    os.pwrite(fd, b"int at%d;\n" % at, at)
os.pwritev(fd, [b"int v1;\n", b"int v2;\n"], 120)
os.close(fd)
complete()
fd = os.open(NAME, os.O_RDWR)
os.ftruncate(fd, SIZE)
with mmap.mmap(fd, SIZE) as page:
    os.close(fd)
    page[:13] = b"int mapped1;\n"
    page.flush()
    pause()
    page[13:26] = b"int mapped2;\n"
complete()
fd = os.open(NAME, os.O_RDWR | os.O_TRUNC)
os.posix_fallocate(fd, 0, 4096)
os.pwrite(fd, b"int allocated;\n", 0)
os.ftruncate(fd, 15)
os.close(fd)
complete()
page = mmap.mmap(-1, 4096)
page[:] = b"int direct;    \n" * 256
fd = os.open(NAME, os.O_WRONLY | os.O_TRUNC | getattr(os, "O_DIRECT", 0) | os.O_SYNC)
os.write(fd, page)
os.close(fd)
complete()
# The descriptor is passed on, duplicated, and closed by the last who holds it.
fd = os.open(NAME, os.O_WRONLY | os.O_TRUNC)
twin = os.dup(fd)
os.write(fd, b"int dup;\n")
os.close(fd)
if (child := os.fork()) == 0:
    pause(0.2)
    os.write(twin, b"int child;\n")
    os._exit(0)
os.close(twin)
os.waitpid(child, 0)
complete()
# An editor holds a lock, and another program a lease, while it is saved.
with Path(NAME).open("r+b") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    fcntl.lockf(file, fcntl.LOCK_EX)
    file.truncate(0)
    file.write(b"int locked;\n")
complete()
Path(NAME).chmod(0o200)
save(NAME, b"int unreadable_to_others;\n")
pause()
Path(NAME).chmod(0o4755)
save(NAME, struct.pack("<4I", 0, 0xFFFFFFFF, 0x7F454C46, 0))
