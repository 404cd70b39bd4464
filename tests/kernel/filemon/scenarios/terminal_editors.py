"""How helix, kakoune, micro, Eclipse, formatters and old programs save: each dance three times."""

import ctypes
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from promises import OUTSIDE, kept, pause, save

EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)


def helix(path: Path, content: bytes) -> None:
    backup = path.with_name(f"{path.name}abc123.bck")
    path.rename(backup)
    path.write_bytes(content)
    backup.unlink()


def helix_by_a_copy(path: Path, content: bytes) -> None:
    backup = path.with_name(f"{path.name}.bck")
    shutil.copy2(path, backup)
    path.write_bytes(content)
    backup.unlink()


def helix_on_a_full_disk(path: Path, content: bytes) -> None:
    """The backup comes back, and the second attempt works."""
    backup = path.with_name(f"{path.name}.bck")
    path.rename(backup)
    path.write_bytes(content[:3])
    backup.rename(path)
    path.write_bytes(content)


def kakoune(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.kak.XyZ")
    fd = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.write(fd, content)
    os.fchmod(fd, 0o644)
    os.close(fd)
    new.rename(path)


def micro(path: Path, content: bytes) -> None:
    """Without truncation first: what is too long is cut off behind."""
    backup = OUTSIDE / "%home%main.c"
    backup.write_bytes(content)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.write(fd, content)
    os.ftruncate(fd, len(content))
    os.fsync(fd)
    os.close(fd)
    backup.unlink()


def eclipse(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.tmp")
    new.write_bytes(content)
    path.unlink()
    shutil.copy(new, path)
    new.unlink()


def linked_then_unlinked(path: Path, content: bytes) -> None:
    new = path.with_name("new.tmp")
    new.write_bytes(content)
    path.unlink()
    os.link(new, path)
    new.unlink()


def by_two_sources(path: Path, content: bytes) -> None:
    new, old = path.with_name("new.c"), path.with_name("old.c")
    new.write_bytes(content)
    path.rename(old)
    new.rename(path)
    old.unlink()


def locked_by_a_link(path: Path, content: bytes) -> None:
    """emacs: the lock of a source bears a source's name and leads nowhere."""
    lock, aside = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    lock.symlink_to("student@host.1:2")
    aside.write_bytes(content[:5])
    path.write_bytes(content)
    aside.unlink()
    lock.unlink()


def exchanged(path: Path, content: bytes) -> None:
    new = path.with_name(".new")
    new.write_bytes(content)
    assert _libc.renameat2(-100, bytes(new), -100, bytes(path), EXCHANGE) == 0
    new.unlink()


def formatted_on_save(path: Path, content: bytes) -> None:
    save(str(path), content + b"   \n")
    pause(0.03)
    path.write_bytes(content)


def renamed_there_and_back(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.rename(path.with_name("aside.c"))
    path.with_name("aside.c").rename(path)


WAYS: tuple[Callable[[Path, bytes], None], ...] = (
    helix,
    helix_by_a_copy,
    helix_on_a_full_disk,
    kakoune,
    micro,
    eclipse,
    linked_then_unlinked,
    by_two_sources,
    locked_by_a_link,
    exchanged,
    formatted_on_save,
    renamed_there_and_back,
)

Path("src").mkdir()
pause(0.3)
save("src/main.c", b"int main;\n")
for way in WAYS:
    # Where the name of what is written is gone at once, a link is known for one after 150 ms.
    wait = 0.2 if way is linked_then_unlinked else 0.05
    for turn in (1, 2, 3):
        pause(wait)
        content = b"int %s%d;\n" % (way.__name__.encode(), turn)
        way(Path("src/main.c"), content)
        kept("src/main.c", content)
    pause(0.2)
