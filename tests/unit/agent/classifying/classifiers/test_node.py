import pytest

from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.classifiers.node import classify

HW = b"/home/coder/project/hw1"


def say(line: str, exe: bytes = b"/usr/bin/node") -> Running | None:
    argv = tuple(line.encode().split())
    return classify(Command(exe=exe, argv=argv, cwd=HW, own=lambda path: path.startswith(HW)))


@pytest.mark.parametrize(
    ("line", "target", "is_path"),
    [
        ("node app.js --token x", b"app.js", True),
        ("node -r dotenv/config app.js", b"app.js", True),
        ("node --inspect app.js", b"app.js", True),
        ("node -e console.log(1)", b"-e", False),
        ("node", b"-", False),
        ("node /usr/local/bin/ts-node app.ts", b"app.ts", True),
        ("node node_modules/.bin/tsx app.ts", b"app.ts", True),
    ],
)
def test_what_node_runs_is_read_from_the_line(line: str, target: bytes, is_path: object) -> None:
    said = say(line)

    assert said is not None
    assert (said.target, said.is_path, said.interpreter) == (target, is_path, "node")


@pytest.mark.parametrize(
    "line", ["node --version", "node /usr/lib/code-server/out/node/entry", "node /usr/bin/npm install"]
)
def test_tools_and_questions_are_no_runs(line: str) -> None:
    assert say(line) is None
