"""A command line that cannot be is refused as all else: one line."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from jcode_watcher.settings import BadSetting, CommandLine, add_flags, flags_of


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    state: Annotated[str, Meta(description="where")] = ""
    stdout: Annotated[bool, Meta(description="print")] = True


def parsed(*arguments: str) -> dict[str, object]:
    parser = CommandLine(prog="program")
    commands = parser.add_subparsers(dest="program", required=True, metavar="PROGRAM")
    for name in ("agent", "demo"):
        add_flags(commands.add_parser(name), Sample)
    return parser.parsed(arguments, flags_of(Sample))


SWITCH = "a switch takes no value; give --stdout or --no-stdout"
NO_VALUE = "--state: its value is missing; one that begins with - is given as --state=VALUE"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["agent", "--stdout", "off"], f"--stdout off: {SWITCH}"),
        (["agent", "--stdout=off"], f"--stdout off: {SWITCH}"),
        (["agent", "--stdout=a\nb"], f"--stdout 'a\\nb': {SWITCH}"),
        (["agent", "--stat", "/a"], "--stat: no flag; did you mean --state? See --help"),
        (["agent", "-state=/a"], "-state=/a: no flag; did you mean --state? See --help"),
        (["agent", "--no-stdot"], "--no-stdot: no flag; did you mean --no-stdout? See --help"),
        (["agent", "--qqqq"], "--qqqq: no flag; see --help"),
        (["agent", "--start-at"], "--start-at: no flag; see --help"),
        (["agent", "a\nb"], "'a\\nb': belongs to no flag; give --FLAG VALUE, see --help"),
        (["agent", "--state"], NO_VALUE),
        (["agent", "--state", "-x"], NO_VALUE),
        (["agnet"], "PROGRAM agnet: give one of agent, demo"),
        ([], "the following arguments are required: PROGRAM; see --help"),
    ],
)
def test_a_command_line_that_cannot_be_is_refused_in_one_line(
    arguments: list[str], line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadSetting) as refused:
        parsed(*arguments)
    assert str(refused.value) == line
    assert capfd.readouterr() == ("", "")


def test_a_value_may_begin_with_a_hyphen() -> None:
    assert parsed("agent", "--state=-x", "--no-stdout") == {
        "program": "agent",
        "state": "-x",
        "stdout": False,
    }
