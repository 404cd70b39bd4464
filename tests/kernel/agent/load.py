"""Runs programs one after the other until its stdin is closed; each has its number as argument, and is told.

A process of its own: what starts in the test's is the test's own affair.
"""

import os
import select
import sys
from pathlib import Path

PROGRAM = "/bin/true"
said, padding, most = Path(sys.argv[1]), "x" * int(sys.argv[2]), int(sys.argv[3])
with said.open("w") as out:
    for number in range(most):
        if select.select([0], [], [], 0)[0]:
            break
        pid = os.posix_spawn(PROGRAM, [PROGRAM, f"n{number}", padding], {})
        os.waitpid(pid, 0)
        out.write(f"{number} {pid}\n")
