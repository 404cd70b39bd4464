"""Two programs save one file by turns; a writer goes on with what was replaced, rotated, or exchanged."""

import ctypes
import os
from pathlib import Path

from promises import OUTSIDE, kept, moved, pause, save

EXCHANGE = 2
NAME = Path("main.c")


def replace(content: bytes) -> None:
    Path(".new").write_bytes(content)
    Path(".new").rename(NAME)
    kept("main.c", content)


save("main.c", b"int main;\n")
pause()
for n in range(25):
    save("main.c", b"int in_place%d;\n" % n)
    pause(0.03)
    replace(b"int atomic%d;\n" % n)
    pause(0.03)
with NAME.open("ab", buffering=0) as file:
    file.write(b"int replaced;\n")
    pause()
    replace(b"int new;\n")
    pause()
    file.write(b"int to_nobody;\n")
    pause(1.2)
pause()
with NAME.open("ab", buffering=0) as log:
    log.write(b"int before;\n")
    NAME.rename("main.1.c")
    save("main.c", b"int fresh;\n")
    pause()
    log.write(b"int after;\n")
kept("main.1.c", b"int new;\nint before;\nint after;\n")
pause()
with NAME.open("ab", buffering=0) as log:
    NAME.rename(OUTSIDE / "main.c")
    save("main.c", b"int fresher;\n")
    log.write(b"int outside;\n")
    pause()
(OUTSIDE / "main.c").rename(NAME)
kept("main.c", b"int fresh;\nint outside;\n")
pause()
save("other.c", b"int other;\n")
pause()
with NAME.open("wb", buffering=0) as file:
    file.write(b"int half;\n")
    assert ctypes.CDLL(None).renameat2(-100, b"main.c", -100, b"other.c", EXCHANGE) == 0
    file.write(b"int whole;\n")
kept("other.c", b"int half;\nint whole;\n")
kept("main.c", b"int other;\n")
pause()
os.link("main.c", "main.2.c")
moved("other.c", "main.c")
kept("main.2.c", b"int other;\n")
Path("other.c").rename(NAME)
