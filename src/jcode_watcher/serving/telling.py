"""What a program tells whoever started it: log lines on stderr, and on stdout that it is ready.

Neither is what it is for, so a full disk behind them, or a reader that is gone, stops nothing. What somebody
asked a command to print is another matter.
"""

import os
import sys
from contextlib import suppress
from typing import TextIO

import structlog

STDOUT = 1


class CannotShow(Exception):
    """What was asked for cannot be printed. Who must act: the operator."""

    exit_status = 1


class Lossy:
    """A stream that drops what cannot be written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text, or drop it."""
        # ValueError: the stream was closed.
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Have it written now, or dropped."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure_logs() -> None:
    """Send every log line to stderr, as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(Lossy(sys.stderr)),  # type: ignore[arg-type]  # all it uses
    )


def announce(line: str) -> None:
    """Print a line on stdout if somebody can take it."""
    # Past Python's buffer, which would keep what could not be written and fail with it at the end.
    with suppress(OSError):
        os.write(STDOUT, f"{line}\n".encode())


def show(text: str) -> None:
    """Print what was asked for; CannotShow if that cannot be. A reader that has had enough is no error."""
    try:
        print(text, flush=True)
    except OSError as error:
        # What is left in Python's buffer would be tried again, and fail, at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        # As with `jcode-watcher doctor | head -1`.
        if not isinstance(error, BrokenPipeError):
            raise CannotShow(f"stdout: {error.strerror}; give it room") from None
