"""Saves by way of a folder that is made for them; folders that are made, filled and removed at once."""

import shutil
from pathlib import Path

from promises import deleted, kept, pause, save

for n in range(30):
    Path(f"gone{n}/in").mkdir(parents=True)
    Path(f"gone{n}/in/a.c").write_bytes(b"int a;\n")
    shutil.rmtree(f"gone{n}")
for n in range(30):
    Path(f"left{n}/in").mkdir(parents=True)
    Path(f"left{n}/in/a.c").write_bytes(b"int left%d;\n" % n)
    Path(f"left{n}/in").rename(f"left{n}/out")
    Path(f"left{n}/out/a.c").rename(f"f{n}.c")
    shutil.rmtree(f"left{n}")
    kept(f"f{n}.c", b"int left%d;\n" % n)
pause()
save("main.c", b"int main;\n")
pause()
for n in range(20):
    content = b"int moment%d;\n" % n
    Path(".moment").mkdir()
    Path(".moment/main.c").write_bytes(content)
    Path(".moment/main.c").rename("main.c")
    Path(".moment").rmdir()
    kept("main.c", content)
    pause(0.03)
for n in range(10):
    Path("again/and").mkdir(parents=True)
    save("again/and/f.c", b"int again%d;\n" % n)
    pause(0.05)
    shutil.rmtree("again")
    deleted("again/and/f.c")
    pause(0.05)
for n in range(10):
    content = b"int passed%d;\n" % n
    Path("one").mkdir()
    Path("one/f.c").write_bytes(content)
    Path("one").rename("other")
    Path("other/f.c").rename("g.c")
    Path("other").rmdir()
    kept("g.c", content)
    pause(0.05)
