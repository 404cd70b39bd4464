"""A file grows over the limit of 1 MiB and shrinks again, in place, by a rename, by truncate(2)."""

import os
from pathlib import Path

from promises import kept, pause, save

MIB = 1 << 20
NAME = Path("big.c")
for turn in range(2):
    save("big.c", b"int small%d;\n" % turn)
    pause()
    save("big.c", b"%d" % turn + b"x" * (MIB - 1))
    pause()
    NAME.write_bytes(b"y" * (MIB + 1))
    pause()
    save("big.c", b"")
    pause()
    NAME.write_bytes(b"z" * (3 * MIB))
    pause()
    os.truncate("big.c", MIB)  # opens and closes nothing: told after a second of quiet
    kept("big.c", b"z" * MIB)
    pause(1.5)
    with NAME.open("ab") as file:
        file.write(b"!")
    pause()
    save("big.c", b"int shrunk%d;\n" % turn)
    pause()
    Path(".new").write_bytes(b"q" * (2 * MIB))
    Path(".new").rename(NAME)
    pause()
    NAME.rename("large.c")
    pause()
    Path("large.c").rename(NAME)
    pause()
save("big.c", b"int end;\n")
for n in range(15):
    save("sizes.c", b"s" * (n * 7919 % 70_000))
    pause(0.03)
