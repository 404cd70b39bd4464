"""What /livez and /readyz answer."""

from collections.abc import Callable, Mapping

Check = Callable[[], str | None]
"""Gives None if all is well, else one line that says what is not."""


class Health:
    """The named checks of a program. Alive means: do not restart me. Ready means: I do my work."""

    def __init__(self, alive: Mapping[str, Check], ready: Mapping[str, Check]) -> None:
        self._alive = dict(alive)
        self._ready = dict(ready)

    def alive(self) -> tuple[int, dict[str, str]]:
        """Give an HTTP status, 200 or 503, and what each check says (`ok` if all is well)."""
        return answer(self._alive)

    def ready(self) -> tuple[int, dict[str, str]]:
        """Give an HTTP status, 200 or 503, and what each check says; who is not alive is not ready."""
        return answer(self._alive | self._ready)


def answer(checks: Mapping[str, Check]) -> tuple[int, dict[str, str]]:
    """Ask every check."""
    said = {name: check() for name, check in checks.items()}
    status = 200 if all(line is None for line in said.values()) else 503
    return status, {name: line or "ok" for name, line in said.items()}
