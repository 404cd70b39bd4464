"""One name is by turns a source, a folder, a link, a FIFO, a socket, a device; and is renamed over each."""

import os
import shutil
import socket
import stat
from pathlib import Path

from promises import deleted, kept, pause, save

NAME = Path("a.c")
ALL = (
    *("file", "folder", "file", "link", "file", "fifo", "file", "socket", "file", "device"),
    *("file", "folder", "fifo", "folder", "link", "folder", "file"),
)


def make(kind: str, turn: int) -> None:
    match kind:
        case "file":
            NAME.write_bytes(b"int file%d;\n" % turn)
        case "folder":
            NAME.mkdir()
            (NAME / "in.c").write_bytes(b"int in%d;\n" % turn)
        case "link":
            NAME.symlink_to("/etc/passwd")
        case "fifo":
            os.mkfifo(NAME)
        case "socket":
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(str(NAME))
        case "device":
            os.mknod(NAME, 0o600 | stat.S_IFCHR, os.makedev(1, 3))


def promise(kind: str, turn: int) -> None:
    if kind == "file":
        kept("a.c", b"int file%d;\n" % turn)
    elif kind == "folder":
        kept("a.c/in.c", b"int in%d;\n" % turn)


def take_away(kind: str) -> None:
    if kind == "folder":
        shutil.rmtree(NAME)
    else:
        NAME.unlink()


for wait in (0.2, 0.03):
    for turn, kind in enumerate(ALL):
        make(kind, turn)
        promise(kind, turn)
        pause(wait)
        take_away(kind)
        if kind in ("file", "folder"):
            deleted("a.c" if kind == "file" else "a.c/in.c")
        pause(wait)
for turn, kind in enumerate(ALL * 3):  # with no pause, only the end is anybody's promise
    make(kind, turn)
    take_away(kind)
for kind in ("link", "fifo", "socket", "device"):
    make(kind, 0)
    pause(0.2)
    Path(".new").write_bytes(b"int over_%s;\n" % kind.encode())
    Path(".new").rename(NAME)
    kept("a.c", b"int over_%s;\n" % kind.encode())
    pause()
    os.mkfifo(".fifo")
    Path(".fifo").rename(NAME)
    deleted("a.c")
    pause(0.2)
    NAME.unlink()
save("a.c", b"int end;\n")
