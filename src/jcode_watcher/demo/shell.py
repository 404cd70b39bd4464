"""A student's shell, into which commands are typed one after another."""

import os
import selectors
from pathlib import Path
from typing import Self

from jcode_watcher.demo.container import MemoryCgroup, enter
from jcode_watcher.demo.errors import LostStudent

COMMAND_SECONDS_MAX = 60
END_SECONDS_MAX = 10


class Shell:
    """Bash in a container of its own; use as a context manager."""

    def __init__(self, hostname: str, workspace: Path) -> None:
        self.hostname = hostname
        self._cgroup = MemoryCgroup.create(hostname)
        self._status, status_fd = os.pipe()
        self._status_fd = status_fd
        self._process = enter(self._cgroup, hostname, workspace, status_fd)
        os.close(status_fd)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._status, selectors.EVENT_READ)

    def type(self, command: str) -> int:
        """Run a command to its end; give the exit status that bash shows. Its own output is thrown away."""
        if self._process.stdin is None:
            raise LostStudent(f"{self.hostname}: no shell")
        line = f"{{ {command}\n}} </dev/null >/dev/null 2>&1\nprintf '%d\\n' $? >&{self._status_fd}\n"
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise LostStudent(f"{self.hostname}: the shell ended before {command!r}") from None
        if not self._waiting.select(COMMAND_SECONDS_MAX):
            raise LostStudent(f"{self.hostname}: {command!r} took over {COMMAND_SECONDS_MAX} seconds")
        answer = os.read(self._status, 16)
        if not answer:
            raise LostStudent(f"{self.hostname}: the shell ended in {command!r}")
        return int(answer)

    def __enter__(self) -> Self:
        """Wait until the shell answers."""
        self.type("true")
        return self

    def __exit__(self, *_: object) -> None:
        """End the shell and remove its cgroup."""
        self._process.communicate(timeout=END_SECONDS_MAX)
        self._waiting.close()
        os.close(self._status)
        self._cgroup.remove()
