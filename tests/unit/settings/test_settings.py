"""Settings from their three places."""

import argparse
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from jcode_watcher.settings import BadSetting, add_flags, load, reference


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    port: Annotated[int, Meta(ge=0, le=65535, description="TCP port")] = 8080
    root: Annotated[tuple[Path, ...], Meta(description="a workspace root")] = ()
    stdout: Annotated[bool, Meta(description="print")] = True
    limit_bytes: Annotated[int, Meta(ge=1, description="limit", extra={"unit": "bytes"})] = 5
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


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "70000"], "--port '70000': expected int <= 65535"),
        (["--port", "x"], "--port 'x': expected int, got str"),
        (["--limit-bytes", "0"], "--limit-bytes '0': expected int >= 1"),
        (["--root", ""], "--root ['']: expected a path, not nothing"),
        (["--mode", "q"], "--mode 'q': give one of auto, rescan"),
    ],
)
def test_a_refusal_names_the_setting_the_value_and_what_is_allowed(arguments: list[str], line: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(Sample, flags(*arguments), {})
    assert str(refused.value) == line


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("portt = 1", "portt"),
        ("port = ", "not TOML"),
        ("port = true", "--port True"),
        ("root = [1]", "--root"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(BadSetting, match=named) as refused:
        load(Sample, flags("--config", str(file)), {})
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="No such file"):
        load(Sample, {"config": str(tmp_path / "none.toml")}, {})


def test_every_setting_is_in_the_reference_and_in_the_help() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser, Sample)
    for text in (reference("Sample", Sample), parser.format_help()):
        assert all("--" + name.replace("_", "-") in text for name in Sample.__struct_fields__)
