"""Two programs have one file open at once; one is killed; one is held by a reader that never ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from promises import kept, pause, save

NAME = "main.c"
save(NAME, b"int main;\n" * 10)
pause()

# Both write by turns at places of their own, and close one after the other.
one, other = (os.open(NAME, os.O_WRONLY) for _ in range(2))
for n in range(5):
    os.pwrite(one, b"int ONE%d;\n" % n, 0)
    pause(0.03)
    os.pwrite(other, b"int OTHER%d;\n" % n, 40)
    pause(0.03)
os.close(one)
kept(NAME, Path(NAME).read_bytes())
pause()
os.pwrite(other, b"int LAST;\n", 80)
os.close(other)
kept(NAME, Path(NAME).read_bytes())
pause()

# Two processes append as fast as they can.
APPEND = "import sys\nfor n in range(200): open(sys.argv[1], 'ab').write(b'%d\\n' % n)"
writers = [subprocess.Popen([sys.executable, "-c", APPEND, NAME]) for _ in range(2)]
for writer in writers:
    assert writer.wait() == 0
kept(NAME, Path(NAME).read_bytes())
pause()

# One is killed in the middle: the kernel closes for it.
SLOW = """
import os, sys, time
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
os.write(fd, b"int half")
print("written", flush=True)
time.sleep(60)
"""
with subprocess.Popen([sys.executable, "-c", SLOW, NAME], stdout=subprocess.PIPE) as writer:
    assert writer.stdout
    writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
kept(NAME, b"int half")
pause()

# Killed between the new file and its rename: the old version stays.
Path(f".{NAME}.new").write_bytes(b"int never_renamed;\n")
pause()

with subprocess.Popen(["tail", "-f", NAME], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as reader:
    pause(0.3)
    # A writer that pauses for less than a second is still at it; one that pauses for longer is looked at.
    with Path(NAME).open("wb", buffering=0) as file:
        for n in range(3):
            file.write(b"int quick%d;\n" % n)
            pause(0.4)
        file.write(b"int slow;\n")
        kept(NAME, b"int quick0;\nint quick1;\nint quick2;\nint slow;\n")
        time.sleep(1.6)
        file.write(b"int end;\n")
    kept(NAME, b"int quick0;\nint quick1;\nint quick2;\nint slow;\nint end;\n")
    pause()
    reader.kill()
save(NAME, b"int after_all;\n")
