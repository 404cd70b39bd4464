"""VS Code and code-server: in place, atomic, the backups of a hot exit and its restoring, local history."""

import os
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause, save

HOME = Path(".local/share/code-server")


def truncated_then_written(path: str, content: bytes, wait: float = 0.0) -> None:
    """The editor opens with O_TRUNC, flushes to the disk, and closes."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    pause(wait)
    for at in range(0, len(content), 1 << 16):
        os.write(fd, content[at : at + (1 << 16)])
    os.fsync(fd)
    os.close(fd)
    kept(path, content)


def atomic(path: str, content: bytes) -> None:
    beside = Path(path + ".vsctmp")
    beside.write_bytes(content)
    beside.rename(path)
    kept(path, content)


truncated_then_written("main.c", b"int main;\n")
pause()
for n in range(5):
    truncated_then_written("main.c", b"int v%d;\n" % n)
    pause()
truncated_then_written("main.c", b"int slow;\n", wait=0.4)
pause()
truncated_then_written("main.c", b"int large;\n" * 40_000)
pause()
for n in range(5):
    atomic("main.c", b"int atomic%d;\n" % n)
    pause()

# A hot exit keeps what is not saved yet, under a name that is a number; local history keeps what was.
backups = HOME / "Backups/1f2e/file"
history = HOME / "User/History/-5a5b"
for folder in (backups, history):
    folder.mkdir(parents=True)
pause(0.3)
(backups / "-7c1d").write_bytes(b'file:///main.c {"mtime":1}\nint dirty;\n')
save(f"{history}/Ab3d.c", b"int history;\n")
(history / "entries.json").write_bytes(b'{"entries":[{"id":"Ab3d.c"}]}')
pause()
dirty = (backups / "-7c1d").read_bytes().partition(b"\n")[2]
truncated_then_written("main.c", dirty)
(backups / "-7c1d").unlink()
pause()

# A file is renamed in the explorer, duplicated, and put into the trash.
Path("main.c").rename("program.c")
moved("main.c", "program.c")
pause()
save("program copy.c", dirty)
pause()
trash = OUTSIDE / "Trash"
trash.mkdir()
Path("program copy.c").rename(trash / "program copy.c")
deleted("program copy.c")
