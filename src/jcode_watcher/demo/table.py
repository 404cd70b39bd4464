"""The demo's table in the terminal."""

import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from jcode_watcher.demo.compare import Verdict

UP_AND_CLEAR = "\x1b[{}A\x1b[J"


def lines_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lay out a table: the first column to the left, numbers to the right."""
    cells = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in cells
    ]


def verdict_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Give the closing table, with a line of sums."""
    rows = [(v.student, v.done, v.stored, v.in_gap, v.missing, v.wrong) for v in verdicts]
    sums = ("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:]))
    return lines_of(("student", "done", "stored", "in a stated gap", "missing", "wrong"), [*rows, sums])


class LiveTable:
    """Redraws itself in place on a terminal; elsewhere it stays silent until the end."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._height = 0

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines instead of the last ones."""
        if not self._out.isatty():
            return
        if self._height:
            self._out.write(UP_AND_CLEAR.format(self._height))
        self._out.write("\n".join(lines) + "\n")
        self._out.flush()
        self._height = len(lines)
