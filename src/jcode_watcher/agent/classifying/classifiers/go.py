"""Go: `go build` builds; `go run` and `go test` run what they compile in passing."""

from posixpath import basename, splitext

from jcode_watcher.agent.classifying.classification import Building, Command, Running, Sighting
from jcode_watcher.agent.classifying.operands import operands, value_of

TAKES_VALUE = frozenset(
    {
        b"-o",
        b"-C",
        b"-p",
        b"-asmflags",
        b"-buildmode",
        b"-compiler",
        b"-gcflags",
        b"-ldflags",
        b"-mod",
        b"-tags",
    }
    | {
        b"-modfile",
        b"-overlay",
        b"-pkgdir",
        b"-toolexec",
        b"-run",
        b"-bench",
        b"-count",
        b"-timeout",
        b"-exec",
    }
)
SUFFIX = b".go"


def classify(command: Command) -> Sighting | None:
    """Recognize the orders that build and run."""
    if (command.exe_name or command.called) != b"go":
        return None
    order, arguments = command.argv[1:2], command.argv[2:]
    given = operands(arguments, TAKES_VALUE)
    match order:
        case (b"build",):
            return building(arguments, tuple(given))
        case (b"run",) if given:
            return Running(target=given[0], is_path=True, interpreter="go")
        case (b"test",):
            return Running(target=b"test", is_path=False, interpreter="go")
        case _:
            return None


def building(arguments: tuple[bytes, ...], given: tuple[bytes, ...]) -> Building:
    """Read `go build`; its program is named after the first file, or after a module, which is not read."""
    files = tuple(name for name in given if name.endswith(SUFFIX))
    named = value_of(arguments, {b"-o"}) or (splitext(basename(files[0]))[0] if files else None)
    return Building(
        family="go",
        language="go",
        version=None,
        sources=given or (b".",),
        objects=(),
        outputs=(named,) if named else (),
        options=tuple(argument for argument in arguments if argument not in given),
        links=True,
    )
