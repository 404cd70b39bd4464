"""Programs that stand before a compiler and may do its work without ever running it. Pure.

A cache answers from what it remembers, a distributor sends the work elsewhere: the compiler they name need
not run here at all, so that the wrapper itself is the build. Wrappers that execute what they are given
(`env`, `nice`, `timeout`, `make`, a shell) need no word here, as the compiler is seen when it is executed.
"""

from typing import Final

from msgspec.structs import replace

from jcode_watcher.agent.classifying.classification import Command

WRAPPERS: Final = frozenset({b"ccache", b"distcc", b"sccache", b"icecc", b"buildcache"})


def unwrapped(command: Command) -> Command:
    """Give the compiler's command behind a wrapper; the command itself where there is no wrapper."""
    if command.called not in WRAPPERS or command.exe_name not in WRAPPERS | {b""}:
        return command
    for place, argument in enumerate(command.argv[1:], start=1):
        # What stands before the compiler are the wrapper's own settings: options and NAME=value.
        if not argument.startswith(b"-") and b"=" not in argument:
            return replace(command, exe=b"", argv=command.argv[place:])
    return command
