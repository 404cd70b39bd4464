"""Node: scripts, code given with -e, and TypeScript through ts-node or tsx."""

import re
from posixpath import basename

from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.operands import operands
from jcode_watcher.agent.classifying.others_scripts import is_others

NAME = re.compile(rb"(?:node|nodejs)(?P<version>[0-9]+)?")
TAKES_VALUE = frozenset(
    {b"-r", b"--require", b"--import", b"--loader", b"-C", b"--conditions", b"--env-file"}
)
CODE = frozenset({b"-e", b"--eval", b"-p", b"--print", b"-pe"})
ONLY_SAYS = frozenset({b"-v", b"--version", b"-h", b"--help", b"--v8-options", b"-c", b"--check"})
RUNNERS = frozenset({b"ts-node", b"ts-node-esm", b"tsx", b"ts-node-script"})
"""Scripts that run the script that they are given."""
RUNNER_TAKES_VALUE = frozenset(
    {b"-P", b"--project", b"-O", b"--compiler-options", b"-r", b"--require", b"--cwd"}
)


def classify(command: Command) -> Running | None:
    """Recognize a script, code, or standard input; the IDE's own scripts are tools."""
    name = NAME.fullmatch(command.exe_name or command.called)
    if name is None:
        return None
    arguments = command.argv[1:]
    given = operands(arguments, TAKES_VALUE)
    before = arguments[: len(arguments) - len(given)]
    if ONLY_SAYS.intersection(before):
        return None
    version = name["version"].decode() if name["version"] else None
    if CODE.intersection(before):
        return Running(target=b"-e", is_path=False, interpreter="node", version=version)
    if given and basename(given[0]) in RUNNERS:
        given = operands(given[1:], RUNNER_TAKES_VALUE)
    target = given[0] if given else b"-"
    if target != b"-" and is_others(command, target):
        return None
    return Running(target=target, is_path=target != b"-", interpreter="node", version=version)
