"""How a process ended, in the words of a teacher."""

from typing import Any, Final

from jcode_watcher.events.process import ProcessExited

FROM_OUTSIDE: Final = frozenset({"SIGINT", "SIGTERM", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGPIPE", "SIGALRM"})
"""Signals by which somebody stops a program. `web/src/state/outcome.ts` has the same: both sides count."""


def outcome_of(body: Any) -> str:
    """Give `succeeded`, `failed`, `crashed`, `out_of_memory`, `stopped`, or nothing where nobody knows.

    A crash is an end by the program's own fault. Who stops it, as by Ctrl-C, finds no fault in it.
    """
    if not isinstance(body, ProcessExited):
        return ""
    if body.oom_killed:
        return "out_of_memory"
    if body.signal:
        return "stopped" if body.signal in FROM_OUTSIDE else "crashed"
    if body.exit_code is None:
        return ""
    return "failed" if body.exit_code else "succeeded"
