"""Two corpora: lines whose secrets stand between « and », and lines in which nothing may change."""

import re
import shlex
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.masking.arguments import SCANNED_CHARACTERS_MAX, masked_arguments

HERE = Path(__file__).parent
SECRETS = (HERE / "secrets.txt").read_text().splitlines()
HARMLESS = (HERE / "harmless.txt").read_text().splitlines()
SECRET = re.compile("«[^»]*»")
LONG = 60_000


def split(line: str) -> tuple[str, ...]:
    return tuple(shlex.split(line))


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_is_masked_and_everything_else_stays(line: str) -> None:
    argv, rules = masked_arguments(split(line.replace("«", "").replace("»", "")))

    assert argv == split(SECRET.sub("***", line))
    assert rules


@pytest.mark.parametrize("line", HARMLESS)
def test_an_ordinary_line_stays_as_it_is(line: str) -> None:
    assert masked_arguments(split(line)) == (split(line), ())


def test_the_corpora_are_large_enough_to_mean_something() -> None:
    assert len(set(SECRETS)) >= 80
    assert len(set(HARMLESS)) >= 80


@pytest.mark.parametrize("line", SECRETS)
def test_masking_again_finds_nothing_more(line: str) -> None:
    once = masked_arguments(split(line.replace("«", "").replace("»", "")))

    assert masked_arguments(once.argv).argv == once.argv


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_line_keeps_its_length_and_its_program(argv: list[str]) -> None:
    masked = masked_arguments(argv)

    assert len(masked.argv) == len(argv)
    assert bool(masked.rules) or masked.argv == tuple(argv)


@given(st.text("abcXYZ019!$%^&*()[]{}:;,.?/|", min_size=6, max_size=60))
def test_whatever_a_password_looks_like_it_is_masked(password: str) -> None:
    for argv in (
        ["./p", f"--password={password}"],
        ["./p", "--password", password],
        ["env", f"DB_PASSWORD={password}"],
    ):
        assert all(password not in argument for argument in masked_arguments(argv).argv)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "-",
            "--token",
            "password=",
            "eyJ",
            "eyJaaaaaaaaa.",
            "https://",
            "a://b:",
            "'",
            '"',
            "\"'",
            " ",
        ),
        *(
            "= ",
            "key: ",
            "Authorization:",
            "bearer ",
            "AKIA",
            "ghp_",
            "-----BEGIN ",
            '="',
            "\\",
            "KEY",
            "aA0",
        ),
        *("token=(", "x.", "\n", "sk-", "mysql -p", "sh -c '"),
    ],
)
def test_the_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "token " + piece * (length // len(piece))
        began = perf_counter()
        masked_arguments(("bash", "-c", text, "--password=" + text, text))
        return perf_counter() - began

    seconds(1_000)
    shorter = min(seconds(LONG // 8) for _ in range(3))
    longer = min(seconds(LONG) for _ in range(2))

    # Eight times the length: eight times the time, with room for noise; the square would be 64.
    assert longer < 30 * shorter + 0.05


def test_what_is_too_long_to_scan_is_masked_as_a_whole() -> None:
    argv, rules = masked_arguments(("./prog", "key", "x" * SCANNED_CHARACTERS_MAX))

    assert argv == ("./prog", "***", "***")
    assert rules == ("too_long", "too_long")
