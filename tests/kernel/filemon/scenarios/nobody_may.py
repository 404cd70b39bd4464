"""Permissions that keep all but root out, of files while they are saved, and of folders; others write."""

import os
from pathlib import Path

from promises import kept, pause, save

USER = 12345
Path("d/e").mkdir(parents=True)
pause(0.3)
save("d/e/f.c", b"int f;\n")
pause()
for place in ("d/e/f.c", "d/e", "d"):
    Path(place).chmod(0)
    save("d/e/f.c", b"int %s;\n" % place.encode())
    pause()
save("d/e/g.c", b"int g;\n")
with Path("d/e/f.c").open("wb") as file:
    file.write(b"int held;\n")
    os.fchmod(file.fileno(), 0o111)
kept("d/e/f.c", b"int held;\n")
pause()
for place, mode in (("d", 0o755), ("d/e", 0o300), ("d/e/f.c", 0o200)):
    Path(place).chmod(mode)
    os.chown(place, USER, USER)
if (child := os.fork()) == 0:
    os.setgid(USER)
    os.setuid(USER)
    os.umask(0o777)
    Path("d/e/f.c").write_bytes(b"int by_another;\n")
    Path("d/e/new").write_bytes(b"int new;\n")
    Path("d/e/new").rename("d/e/h.c")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
kept("d/e/f.c", b"int by_another;\n")
kept("d/e/h.c", b"int new;\n")
