import pytest

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.classifiers.rust import classify

HW = b"/home/coder/project/hw1"


def say(line: str, exe: bytes = b"/usr/bin/rustc") -> Building | None:
    argv = tuple(line.encode().split())
    return classify(Command(exe=exe, argv=argv, cwd=HW, own=lambda path: path.startswith(HW)))


CARGO = b"/home/coder/.cargo/bin/cargo"


@pytest.mark.parametrize(
    ("line", "outputs"),
    [
        ("rustc main.rs", (b"main",)),
        ("rustc --edition 2021 -W unused main.rs -o prog", (b"prog",)),
        ("rustc --out-dir target src/main.rs", (b"target/main",)),
        ("rustc --crate-type lib main.rs", ()),
    ],
)
def test_rustc_names_its_program_after_the_source(line: str, outputs: tuple[bytes, ...]) -> None:
    said = say(line)

    assert said is not None
    assert (said.family, said.language, said.outputs) == ("rustc", "rust", outputs)
    assert said.sources[0].endswith(b"main.rs")


def test_the_edition_is_the_standard() -> None:
    said = say("rustc --edition=2021 main.rs")

    assert said is not None
    assert said.standard == "2021"


@pytest.mark.parametrize("order", ["build", "run --release", "test", "+nightly check"])
def test_cargo_builds(order: str) -> None:
    said = say(f"cargo {order}", CARGO)

    assert said is not None
    assert (said.family, said.sources, said.outputs) == ("cargo", (), ())


@pytest.mark.parametrize("line", ["cargo new x", "cargo --version", "cargo fmt"])
def test_other_orders_of_cargo_build_nothing(line: str) -> None:
    assert say(line, CARGO) is None


def test_rustc_that_is_asked_who_it_is_builds_nothing() -> None:
    assert say("rustc --version") is None
