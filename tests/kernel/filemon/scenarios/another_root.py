"""Programs with another root directory, in namespaces of their own, with the folder bound into itself."""

import os
import subprocess
from pathlib import Path

from promises import OUTSIDE, deleted, kept, moved, pause

BOUND = """
mount --bind hw "$1/ro" && mount -o remount,ro,bind "$1/ro"
(echo 'int refused;' >"$1/ro/src/refused.c") 2>/dev/null && exit 1
mkdir hw/self
mount --bind hw/src hw/self
echo 'int by_self;' >hw/self/c.c
sleep 0.1
mv hw/self/t.c hw/self/t2.c
sleep 0.1
mv hw/self/t2.c hw/t3.c # over the border of a mount: copied
sleep 0.1
umount hw/self
mount -t tmpfs filemon-test hw/newer
echo 'int private;' >hw/newer/private.c
umount hw/newer
"""

Path("hw/src").mkdir(parents=True)
(OUTSIDE / "ro").mkdir()
pause(0.3)
if (child := os.fork()) == 0:
    os.chroot("hw")
    os.chdir("/")
    Path("/src/c.c").write_bytes(b"int in_chroot;\n")
    Path("/src/.new").write_bytes(b"int atomic;\n")
    Path("/src/.new").rename("/src/t.c")
    Path("/new").mkdir()
    Path("/new/n.c").write_bytes(b"int new;\n")
    Path("/new").rename("/newer")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
kept("hw/src/c.c", b"int in_chroot;\n")
kept("hw/src/t.c", b"int atomic;\n")
kept("hw/newer/n.c", b"int new;\n")
pause()
subprocess.run(["unshare", "-m", "sh", "-ec", BOUND, "sh", OUTSIDE], check=True)
kept("hw/src/c.c", b"int by_self;\n")
moved("hw/src/t.c", "hw/src/t2.c")
deleted("hw/src/t2.c")
kept("hw/t3.c", b"int atomic;\n")
pause()
reading = os.open("hw/src/c.c", os.O_RDONLY)
writing = os.open(f"/proc/self/fd/{reading}", os.O_WRONLY | os.O_TRUNC)
os.write(writing, b"int by_proc;\n")
os.close(writing)
kept("hw/src/c.c", b"int by_proc;\n")
