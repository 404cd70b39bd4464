"""Which scripts are tools of the system, of environments or of the IDE, and no runs of a student's. Pure."""

import re
from typing import Final

from jcode_watcher.agent.classifying.classification import Command

OTHERS: Final = re.compile(
    rb"/(?:usr|opt|lib|lib64|bin|sbin|snap)/"
    rb"|.*/(?:\.[^/]+|site-packages|dist-packages|node_modules)/"
    rb"|.*/(?:venv|env|virtualenv)/bin/"
)


def is_others(command: Command, script: bytes) -> bool:
    """Tell whether a script is a tool's rather than a student's."""
    path = command.path(script)
    return not command.own(path) and OTHERS.match(path) is not None
