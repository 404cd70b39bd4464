"""Files that are written before they have a name, that have two, or lose it while they are open."""

import os
from pathlib import Path

from promises import OUTSIDE, deleted, give_name, kept, moved, pause, save


def unnamed(path: str, content: bytes, *, closed_first: bool) -> None:
    fd = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o644)
    os.write(fd, content)
    if closed_first:
        again = os.open(f"/proc/self/fd/{fd}", os.O_WRONLY)
        os.close(again)
    give_name(fd, path)
    os.close(fd)
    kept(path, content)


unnamed("unnamed.c", b"int unnamed;\n", closed_first=False)
pause()
unnamed("twice.c", b"int twice;\n", closed_first=True)
pause()
save("main.c", b"int main;\n")
pause()
os.link("main.c", "second.c")
kept("second.c", b"int main;\n")
pause(0.3)
for n in range(3):
    content = b"int through_the_second%d;\n" % n
    Path("second.c").write_bytes(content)
    kept("second.c", content)
    kept("main.c", content)
    pause()
os.link("main.c", "notes.txt")
pause()
Path("notes.txt").write_bytes(b"int through_no_source;\n")
kept("main.c", b"int through_no_source;\n")
pause()
Path("main.c").unlink()
deleted("main.c")
pause()
Path("second.c").write_bytes(b"int second_only;\n")
kept("second.c", b"int second_only;\n")
pause()
# Both names are one file: rename(2) does nothing then.
os.link("second.c", "third.c")
pause(0.3)
Path("third.c").rename("second.c")
kept("third.c", b"int second_only;\n")
Path("third.c").unlink()
deleted("third.c")
pause()
# Written on while the name is moved, and while there is none.
fd = os.open("second.c", os.O_WRONLY | os.O_APPEND)
os.write(fd, b"int before;\n")
Path("second.c").rename("moved.c")
moved("second.c", "moved.c")
os.write(fd, b"int after;\n")
os.close(fd)
kept("moved.c", b"int second_only;\nint before;\nint after;\n")
pause()
fd = os.open("moved.c", os.O_WRONLY | os.O_APPEND)
Path("moved.c").unlink()
deleted("moved.c")
os.write(fd, b"int nobody;\n")
save("moved.c", b"int another;\n")
os.close(fd)
pause()
# A name is taken from outside and given back: a link(2) is no copy.
(OUTSIDE / "given.c").write_bytes(b"int given;\n")
(OUTSIDE / "given.c").rename("given.c")
kept("given.c", b"int given;\n")
