"""Hard links in several folders: each save is one of all wanted names."""

import os
import subprocess
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause, save


def save_as(name: str, content: bytes, *all_names: str) -> None:
    Path(name).write_bytes(content)
    for each in all_names:
        kept(each, content)
    pause()


for folder in ("a", "b"):
    Path(folder).mkdir()
pause(0.3)
save("a/main.c", b"int main;\n")
pause()
for further in ("b/main.c", "b/other.h"):
    os.link("a/main.c", further)
    kept(further, b"int main;\n")
pause(0.3)
save_as("b/main.c", b"int by_b;\n", "a/main.c", "b/main.c", "b/other.h")
with Path("b/other.h").open("ab") as file:
    file.write(b"int appended;\n")
for name in ("a/main.c", "b/main.c", "b/other.h"):
    kept(name, b"int by_b;\nint appended;\n")
pause()
Path("a/main.c").rename("a/moved.c")
moved("a/main.c", "a/moved.c")
pause()
save_as("a/moved.c", b"int moved;\n", "a/moved.c", "b/main.c", "b/other.h")
Path("b/main.c").unlink()
deleted("b/main.c")
pause()
save_as("b/other.h", b"int two;\n", "a/moved.c", "b/other.h")

# An atomic save parts them; a link that is renamed over the other brings them together again.
Path("a/.new").write_bytes(b"int alone;\n")
Path("a/.new").rename("a/moved.c")
kept("a/moved.c", b"int alone;\n")
pause()
save_as("b/other.h", b"int alone_too;\n", "b/other.h")
os.link("b/other.h", "b/.link")
Path("b/.link").rename("a/moved.c")
kept("a/moved.c", b"int alone_too;\n")
pause(0.3)
save_as("a/moved.c", b"int both;\n", "a/moved.c", "b/other.h")

# Snapshots of links share what is written in place, and nothing that is replaced.
subprocess.run(["cp", "-al", "b", "snapshot"], check=True)
kept("snapshot/other.h", b"int both;\n")
pause(0.3)
save_as("b/other.h", b"int shared;\n", "a/moved.c", "b/other.h", "snapshot/other.h")
subprocess.run(["sed", "-i", "s/shared/own/", "snapshot/other.h"], check=True)
kept("snapshot/other.h", b"int own;\n")
pause()

# A name that goes out takes the file along only where it is the last: so the others are parted from it first.
Path("a/.new").write_bytes(b"int parted;\n")
Path("a/.new").rename("a/moved.c")
kept("a/moved.c", b"int parted;\n")
pause()
Path("b").rename(OUTSIDE / "b")
deleted("b/other.h")
