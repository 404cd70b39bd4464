"""Names of files and folders go round in circles, slowly and as fast as can be, with saves in them."""

from collections.abc import Sequence
from pathlib import Path

from promises import kept, pause, save

FILES, FOLDERS = ("a.c", "b.c", "c.c"), ("da", "db", "dc")


def turn(names: Sequence[str], spare: str) -> None:
    Path(names[-1]).rename(spare)
    for source, destination in zip(names[-2::-1], names[:0:-1], strict=True):
        Path(source).rename(destination)
    Path(spare).rename(names[0])


def all_kept() -> None:
    for name in (*FILES, *(f"{folder}/in/f.c" for folder in FOLDERS)):
        kept(name, Path(name).read_bytes())


for name in FILES:
    save(name, b"int %s;\n" % name[:1].encode())
for folder in FOLDERS:
    Path(folder, "in").mkdir(parents=True)
pause(0.3)
for folder in FOLDERS:
    save(f"{folder}/in/f.c", b"int in_%s;\n" % folder.encode())
    save(f"{folder}/in/g.c", b"int g;\n")
pause()
for _ in range(3):
    turn(FILES, "spare.tmp")
    turn(FOLDERS, "spare")
    pause(0.4)
    all_kept()
for _ in range(31):
    turn(FILES, "spare.c")
    turn(FOLDERS, "spare")
for folder in FOLDERS:
    save(f"{folder}/in/g.c", b"int end_%s;\n" % folder.encode())
pause(0.4)
all_kept()
