"""Beyond PATH_MAX, by descriptors: saved, renamed, linked, held, deleted; and its top moves, out and in."""

import os
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause

DEPTH = 30
NAMES = [f"d{n:02d}{'z' * 200}" for n in range(DEPTH)]
Path("top").mkdir()
folders = [os.open("top", os.O_RDONLY)]
for folder in NAMES:
    os.mkdir(folder, dir_fd=folders[-1])
    folders.append(os.open(folder, os.O_RDONLY, dir_fd=folders[-1]))
deepest = folders[-1]


def path_of(top: str, name: str, names: list[str] = NAMES) -> str:
    return "/".join([top, *names, name])


def put(name: str, content: bytes) -> None:
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=deepest)
    os.write(fd, content)
    os.close(fd)


pause(0.3)
for n in range(5):
    put("f.c", b"int deep%d;\n" % n)
    kept(path_of("top", "f.c"), b"int deep%d;\n" % n)
    pause(0.03)
os.rename("f.c", "g.c", src_dir_fd=deepest, dst_dir_fd=deepest)
moved(path_of("top", "f.c"), path_of("top", "g.c"))
pause()
put(".new", b"int atomic;\n")
os.rename(".new", "g.c", src_dir_fd=deepest, dst_dir_fd=deepest)
kept(path_of("top", "g.c"), b"int atomic;\n")
pause()
Path("top").rename("top2")
moved(path_of("top", "g.c"), path_of("top2", "g.c"))
pause(0.05)
put("g.c", b"int in_top2;\n")
kept(path_of("top2", "g.c"), b"int in_top2;\n")
pause()

# A part of it comes to where its path is short, and back.
os.rename(NAMES[20], "short", src_dir_fd=folders[20], dst_dir_fd=folders[0])
moved(path_of("top2", "g.c"), path_of("top2/short", "g.c", NAMES[21:]))
pause()
put("g.c", b"int shorter;\n")
kept(path_of("top2/short", "g.c", NAMES[21:]), b"int shorter;\n")
pause()
os.rename("short", NAMES[20], src_dir_fd=folders[0], dst_dir_fd=folders[20])
kept(path_of("top2", "g.c"), b"int shorter;\n")
pause(0.3)
Path("top2").rename(OUTSIDE / "top")
deleted(path_of("top2", "g.c"))
put("g.c", b"int outside;\n")
pause()
(OUTSIDE / "top").rename("top3")
kept(path_of("top3", "g.c"), b"int outside;\n")
pause(0.3)
held = os.open("g.c", os.O_WRONLY | os.O_TRUNC, dir_fd=deepest)
os.write(held, b"int held;\n")
kept(path_of("top3", "g.c"), b"int held;\n")
pause(1.5)
os.close(held)
os.link("g.c", "h.c", src_dir_fd=deepest, dst_dir_fd=deepest)
kept(path_of("top3", "h.c"), b"int held;\n")
pause(0.3)
os.unlink("g.c", dir_fd=deepest)
deleted(path_of("top3", "g.c"))
put("h.c", b"int last;\n")
kept(path_of("top3", "h.c"), b"int last;\n")
