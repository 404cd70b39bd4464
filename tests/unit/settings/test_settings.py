"""Settings from their three places."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from jcode_watcher.settings import BadSetting, add_flags, as_given, gathered, load, reference


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    port: Annotated[int, Meta(ge=0, le=65535, description="TCP port")] = 8080
    root: Annotated[
        tuple[Path, ...], Meta(description="a workspace root", extra={"example": "/workspaces"})
    ] = ()
    stdout: Annotated[bool, Meta(description="print")] = True
    limit_bytes: Annotated[int, Meta(ge=1, description="limit", extra={"unit": "bytes"})] = 5
    pause_seconds: Annotated[float, Meta(gt=0, le=60, description="pause")] = 5.0
    name: Annotated[str, Meta(min_length=1, max_length=9, description="name")] = ""
    mode: Annotated[Literal["auto", "rescan"], Meta(description="how to look")] = "auto"


def flags(*arguments: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_flags(parser, Sample)
    return vars(parser.parse_args(arguments))


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('port = 1\nlimit_bytes = 1\nroot = ["/a"]\nmode = "rescan"')
    environment = {"JCODE_WATCHER_PORT": "2", "JCODE_WATCHER_LIMIT_BYTES": "2"}
    found = load(Sample, flags("--config", str(file), "--port", "3"), environment)
    assert found == Sample(port=3, limit_bytes=2, root=(Path("/a"),), mode="rescan")


def test_a_repeatable_flag_holds_several_values() -> None:
    assert load(Sample, flags("--root", "/a", "--root", "/b"), {}).root == (Path("/a"), Path("/b"))


def test_a_repeatable_variable_is_separated_by_commas() -> None:
    assert load(Sample, {}, {"JCODE_WATCHER_ROOT": "/a,/b"}).root == (Path("/a"), Path("/b"))


def test_a_switch_is_turned_off_by_flag_and_by_variable() -> None:
    assert not load(Sample, flags("--no-stdout"), {}).stdout
    assert not load(Sample, {}, {"JCODE_WATCHER_STDOUT": "false"}).stdout


@pytest.mark.parametrize(("text", "on"), [("on", True), ("TRUE", True), ("0", False), ("off", False)])
def test_a_switch_of_the_environment_is_written_as_people_do(text: str, *, on: bool) -> None:
    assert load(Sample, {}, {"JCODE_WATCHER_STDOUT": text}).stdout is on


NUMBER = "give a whole number, 0 to 65535"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "70000"], f"--port 70000: {NUMBER}"),
        (["--port", "x"], f"--port x: {NUMBER}"),
        (["--port", "1e3"], f"--port 1e3: {NUMBER}"),
        (["--port", " 1"], f"--port ' 1': {NUMBER}"),
        (["--port", "\u0663"], f"--port \u0663: {NUMBER}"),
        (["--port", "0070000"], f"--port 0070000: {NUMBER}"),
        (["--port", "a\n\x1b[1m"], f"--port 'a\\n\\x1b[1m': {NUMBER}"),
        (["--port", "a:"], f"--port 'a:': {NUMBER}"),
        (["--pause-seconds", "60.50"], "--pause-seconds 60.50: give a number above 0 and up to 60"),
        (["--port", "null"], f"--port null: {NUMBER}"),
        (["--limit-bytes", "0"], "--limit-bytes 0: give a whole number, 1 or more"),
        (["--pause-seconds", "0"], "--pause-seconds 0: give a number above 0 and up to 60"),
        (["--pause-seconds", "nan"], "--pause-seconds nan: give a number above 0 and up to 60"),
        (["--root", ""], "--root '': give a path"),
        (["--root", "/a", "--root", "/a/"], "--root /a/: given twice; give it once"),
        (["--mode", "q"], "--mode q: give one of auto, rescan"),
        (["--name", ""], "--name '': give text of 1 to 9 characters"),
    ],
)
def test_a_refusal_names_the_setting_the_value_and_what_is_allowed(arguments: list[str], line: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(Sample, flags(*arguments), {})
    assert str(refused.value) == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("portt = 1", "no setting portt; known are port, "),
        ("port = ", "line 1 'port =': no TOML; give KEY = VALUE, such as "),
        ("\nroot = [", "line 2 'root = [': no TOML; give KEY = VALUE, such as "),
        ("port = 1\nport = 2", "line 2 'port = 2': given twice; give each key and each table once"),
        ("port = " + "1" * 5_000, "line 1 'port = 111"),
        ("root = " + "[" * 50_000, "line 1 'root = [[["),
        ("port = true", f"port true: {NUMBER}"),
        ("port = '1'", f'port "1": {NUMBER}, without quotes'),
        ("port = 1.0", f"port 1.0: {NUMBER}"),
        ("port = 0x" + "f" * 5_000, "port 0xffff"),
        ("port = 2026-01-02", f"port 2026-01-02: {NUMBER}"),
        ("stdout = 1", "stdout 1: give true or false"),
        ("stdout = 'off'", 'stdout "off": give true or false, without quotes'),
        ("pause_seconds = inf", "pause_seconds inf: give a number above 0 and up to 60"),
        ("root = '/a'", 'root "/a": give a list, such as root = ["/workspaces"]'),
        ("root = ['/a', 1]", "root 1: give a path"),
        ('root = ["a\\u0000b"]', 'root "a\\u0000b": give a path'),
    ],
)
def test_a_bad_file_is_refused_by_name_and_key_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(BadSetting) as refused:
        load(Sample, flags("--config", str(file)), {})
    line = str(refused.value)
    assert line.startswith(f"--config {file}: {said}")
    assert "\n" not in line
    assert len(line) < 600


def test_a_whole_number_in_the_file_is_a_number_too(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("pause_seconds = 10")
    assert load(Sample, flags("--config", str(file)), {}).pause_seconds == 10.0


def test_a_value_of_the_environment_is_refused_by_its_variable() -> None:
    with pytest.raises(BadSetting, match=f"^JCODE_WATCHER_PORT x: {NUMBER}$"):
        load(Sample, {}, {"JCODE_WATCHER_PORT": "x"})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.with_suffix(".other").touch(), "no such file or directory"),
        (Path.mkdir, "no regular file"),
        (os.mkfifo, "no regular file"),
        (lambda path: path.symlink_to(path), "too many levels of symbolic links"),
        (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
        (lambda path: path.write_bytes(b"#" * (1024 * 1024 + 1)), "longer than 1048576 bytes"),
        (lambda path: path.write_bytes(b"\xff"), "not UTF-8"),
    ],
)
def test_what_is_no_file_of_settings_is_refused_without_waiting(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    file = tmp_path / "a.toml"
    make(file)
    with pytest.raises(BadSetting) as refused:
        load(Sample, {"config": str(file)}, {})
    assert str(refused.value) == f"--config {file}: {said}; give a TOML file"


def test_a_later_refusal_names_each_setting_as_the_operator_wrote_it(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("root = ['/a/']\nport = 1")
    given = gathered(Sample, flags("--config", str(file), "--port", "2"), {"JCODE_WATCHER_MODE": "auto"})
    line = as_given("--root /a: as --port 2 in --mode auto; give --name or --no-stdout, not /x--port", given)
    assert line == (
        f'--config {file}: root "/a/": as --port 2 in JCODE_WATCHER_MODE auto; '
        "give --name or --no-stdout, not /x--port"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ws/", "ws"),
        ("./ws", "ws"),
        ("a//b c/", "'a/b c'"),
        # As those write it who cannot know how it is shown here.
        ("a//b c/", "a/b c"),
        ("ws/.", "ws"),
    ],
)
@pytest.mark.parametrize("rest", ["; as said", ": no folder", " is away", ""])
def test_a_later_refusal_shows_a_path_as_the_operator_wrote_it(written: str, said: str, rest: str) -> None:
    given = gathered(Sample, flags("--root", "w", "--root", written), {})
    shown = f"'{written}'" if " " in written else written
    assert as_given(f"--root {said}{rest}", given) == f"--root {shown}{rest}"
    assert as_given(f"--root {said}x{rest}", given) == f"--root {said}x{rest}"


@pytest.mark.parametrize(
    ("text", "shown"), [("/a,,/b", "/a,,/b"), (",/a", ",/a"), ("/a,", "'/a,'"), (",", "','")]
)
def test_an_empty_one_of_several_values_is_refused_with_all_of_them(text: str, shown: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(Sample, {}, {"JCODE_WATCHER_ROOT": text})
    said = "a value is empty; separate values by one comma"
    assert str(refused.value) == f"JCODE_WATCHER_ROOT {shown}: {said}"


def test_a_variable_that_is_set_to_nothing_holds_no_value() -> None:
    assert load(Sample, {}, {"JCODE_WATCHER_ROOT": ""}).root == ()


def test_every_setting_is_in_the_reference_and_in_the_help() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser, Sample)
    for text in (reference("Sample", Sample), parser.format_help()):
        assert all("--" + name.replace("_", "-") in text for name in Sample.__struct_fields__)


def test_the_reference_names_how_a_switch_is_turned_off() -> None:
    assert "| `--stdout`, `--no-stdout` | `JCODE_WATCHER_STDOUT` | on | print |" in reference(
        "Sample", Sample
    )
