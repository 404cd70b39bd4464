"""Saves source files one after the other until its stdin is closed; says what each save held, and when.

It goes on while agents come and go. Every third save is by a rename, as editors do it.
"""

import select
import sys
import time
from hashlib import sha256
from pathlib import Path

FILES = 20
PAUSE_SECONDS = 0.005
"""Between two saves; of one file they are a hundred milliseconds apart."""
LINE = "# The same in every version, so that a version is not only its number.\n"

folder, said = Path(sys.argv[1]), Path(sys.argv[2])
number = 0
with said.open("w", buffering=1) as out:
    while not select.select([0], [], [], PAUSE_SECONDS)[0]:
        path = folder / f"f{number % FILES}.py"
        content = f"{LINE * 5}version = {number}\n".encode()
        if number % 3:
            path.write_bytes(content)
        else:
            coming = folder / "coming.tmp"
            coming.write_bytes(content)
            coming.rename(path)
        out.write(f"{time.time_ns()} {path.name} {sha256(content).hexdigest()}\n")
        number += 1
