import pytest

from jcode_watcher.agent.classifying.classification import Building, Command, Running, Sighting
from jcode_watcher.agent.classifying.classifiers.go import classify

HW = b"/home/coder/project/hw1"


def say(line: str, exe: bytes = b"/usr/lib/go-1.19/bin/go") -> Sighting | None:
    argv = tuple(line.encode().split())
    return classify(Command(exe=exe, argv=argv, cwd=HW, own=lambda path: path.startswith(HW)))


@pytest.mark.parametrize(
    ("line", "sources", "outputs"),
    [
        ("go build main.go util.go", (b"main.go", b"util.go"), (b"main",)),
        ("go build -o prog main.go", (b"main.go",), (b"prog",)),
        ("go build", (b".",), ()),
        ("go build ./...", (b"./...",), ()),
    ],
)
def test_a_build_names_its_program_after_the_first_file(
    line: str, sources: tuple[bytes, ...], outputs: tuple[bytes, ...]
) -> None:
    said = say(line)

    assert isinstance(said, Building)
    assert (said.family, said.sources, said.outputs) == ("go", sources, outputs)


def test_go_run_is_a_run_of_its_first_file() -> None:
    assert say("go run main.go 1") == Running(target=b"main.go", is_path=True, interpreter="go")


def test_go_test_is_a_run() -> None:
    assert say("go test ./...") == Running(target=b"test", is_path=False, interpreter="go")


@pytest.mark.parametrize("line", ["go version", "go", "go fmt main.go", "go run"])
def test_other_orders_are_neither(line: str) -> None:
    assert say(line) is None
