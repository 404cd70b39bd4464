"""What IDEs and desktop editors do so that no save is lost: dances of names around one file."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from promises import give_name, kept, pause, save


def jetbrains(path: Path, content: bytes) -> None:
    new, old = Path(f"{path}___jb_tmp___"), Path(f"{path}___jb_old___")
    new.write_bytes(content)
    path.rename(old)
    new.rename(path)
    old.unlink()


def gtk(path: Path, content: bytes) -> None:
    new = path.parent / f".goutputstream-{secrets.token_hex(3).upper()}"
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(fd, content)
    os.fsync(fd)
    new.rename(path)  # closed only afterwards
    os.close(fd)


def gtk_with_a_backup(path: Path, content: bytes) -> None:
    backup = Path(f"{path}~")
    backup.unlink(missing_ok=True)
    os.link(path, backup)
    gtk(path, content)


def kde(path: Path, content: bytes) -> None:
    """QSaveFile: a file without a name is given one, and then the right one."""
    fd = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o644)
    os.write(fd, content)
    os.fsync(fd)
    new = Path(f"{path}.{secrets.token_hex(3)}")
    give_name(fd, new)
    new.rename(path)
    os.close(fd)


def sublime(path: Path, content: bytes) -> None:
    new = path.parent / f".subl{secrets.token_hex(2)}.tmp"
    new.write_bytes(content)
    new.chmod(0o644)
    new.rename(path)


def geany(path: Path, content: bytes) -> None:
    """By a backup that is a copy, then in place."""
    Path(f"{path}~").write_bytes(path.read_bytes())
    path.write_bytes(content)


def windows_like(path: Path, content: bytes) -> None:
    """Delete, then rename: for a moment there is no file."""
    new = Path(f"{path}.tmp")
    new.write_bytes(content)
    path.unlink()
    new.rename(path)


def source_named_temporary(path: Path, content: bytes) -> None:
    """The file beside it bears a source's name, too, as some formatters have it."""
    new = path.with_name(f"{path.stem}.tmp{secrets.token_hex(2)}{path.suffix}")
    new.write_bytes(content)
    new.replace(path)


WAYS: tuple[Callable[[Path, bytes], None], ...] = (
    jetbrains,
    gtk,
    gtk_with_a_backup,
    kde,
    sublime,
    geany,
    windows_like,
    source_named_temporary,
)

Path("src").mkdir()
pause()
save("src/main.c", b"int main;\n")
for way in WAYS:
    for turn in (1, 2, 3):
        pause()
        content = b"int %s%d;\n" % (way.__name__.encode(), turn)
        way(Path("src/main.c"), content)
        kept("src/main.c", content)
