"""Java: javac builds; java runs a class, a jar, or a source file."""

import re
from posixpath import join, splitext

from jcode_watcher.agent.classifying.classification import Building, Command, Running, Sighting
from jcode_watcher.agent.classifying.operands import operands, value_of
from jcode_watcher.agent.classifying.others_scripts import is_others

VERSION = re.compile(rb"/(?:java|jdk|jre|openjdk)-?(?P<version>[0-9]+(?:\.[0-9]+)*)")
"""Where distributions put a Java of one version."""
CLASS_PATH = frozenset({b"-cp", b"-classpath", b"--class-path"})
FOLDER = frozenset({b"-d"})
JAR = frozenset({b"-jar"})
TAKES_VALUE = (
    CLASS_PATH
    | FOLDER
    | frozenset(
        {b"-p", b"--module-path", b"--add-modules", b"--add-exports", b"--add-opens", b"--source", b"-source"}
        | {
            b"-target",
            b"--target",
            b"--release",
            b"-encoding",
            b"-s",
            b"-h",
            b"-sourcepath",
            b"--source-path",
        }
        | {b"-processor", b"-processorpath", b"--processor-path", b"-bootclasspath", b"--system"}
    )
)
SUFFIX = b".java"
CLASS = b".class"


def classify(command: Command) -> Sighting | None:
    """Recognize javac with sources, and java with something to run."""
    match command.exe_name or command.called:
        case b"javac":
            return building(command)
        case b"java":
            return running(command)
        case _:
            return None


def version_of(command: Command) -> str | None:
    """Give the version that the folder of the executable tells."""
    match = VERSION.search(command.exe)
    return match["version"].decode() if match else None


def building(command: Command) -> Building | None:
    """Read javac's line; with -d a class lies where its package says, which the line does not tell."""
    arguments = command.argv[1:]
    sources = tuple(a for a in arguments if a.endswith(SUFFIX) and not a.startswith((b"-", b"@")))
    listed = tuple(a[1:] for a in arguments if a.startswith(b"@"))
    if not sources and not listed:
        return None
    beside = value_of(arguments, FOLDER) is None
    return Building(
        family="javac",
        language="java",
        version=version_of(command),
        sources=sources,
        objects=(),
        outputs=tuple(splitext(source)[0] + CLASS for source in sources) if beside else (),
        options=tuple(argument for argument in arguments if argument not in sources),
        links=False,
        standard=release.decode(errors="replace") if (release := release_of(arguments)) else None,
        warnings=tuple(a for a in arguments if a.startswith((b"-Xlint", b"-Werror", b"-nowarn"))),
        response_files=listed,
    )


def release_of(arguments: tuple[bytes, ...]) -> bytes | None:
    """Give the Java that the sources are written in, where it was said."""
    return value_of(arguments, {b"--release", b"--source", b"-source"})


def running(command: Command) -> Running | None:
    """Read java's line: a jar, a source file, or a class, taken to lie in the class path's first folder."""
    arguments = command.argv[1:]
    jar = value_of(arguments, JAR)
    given = operands(arguments, TAKES_VALUE | JAR)
    name = jar or (given[0] if given else None)
    if name is None:
        return None
    is_file = jar is not None or name.endswith(SUFFIX)
    folder = (value_of(arguments, CLASS_PATH) or b"").split(b":")[0]
    target = name if is_file else join(folder, name.replace(b".", b"/") + CLASS)
    if is_others(command, target):
        return None
    return Running(target=target, is_path=True, interpreter="java", version=version_of(command))
