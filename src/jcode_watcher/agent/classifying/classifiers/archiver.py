"""ar: gathers objects in a static library. No activity of its own, but a program may be built from it."""

import re

from jcode_watcher.agent.classifying.classification import Command, Gathering

NAME = re.compile(rb"(?:[A-Za-z0-9_.]+-)*ar(?:-[0-9.]+)?")
"""Also `gcc-ar`, `llvm-ar-14` and those of other targets."""
ADDS = frozenset(b"rq")
"""Orders that put members in."""


def classify(command: Command) -> Gathering | None:
    """Recognize what is put into which library; what is in it already stays."""
    if not NAME.fullmatch(command.exe_name or command.called) and not NAME.fullmatch(command.called):
        return None
    given = [argument for argument in command.argv[1:] if not argument.startswith(b"--")]
    if len(given) < 3 or not ADDS.intersection(given[0]):  # noqa: PLR2004  # the order, the library, a member
        return None
    library, *members = given[1:]
    return Gathering(inputs=(library, *members), output=library)
