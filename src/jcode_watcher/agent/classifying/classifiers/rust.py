"""Rust: rustc builds; so does cargo, which runs rustc as its helper and then becomes the program."""

from posixpath import basename, join, splitext

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.operands import operands, value_of

TAKES_VALUE = frozenset(
    {b"-o", b"--out-dir", b"-L", b"-l", b"-C", b"--codegen", b"--crate-name", b"--crate-type", b"--edition"}
    | {b"--emit", b"--extern", b"--cfg", b"--target", b"-A", b"-W", b"-D", b"-F", b"--cap-lints", b"--print"}
    | {b"--error-format", b"--json", b"--sysroot", b"-Z", b"--remap-path-prefix", b"--check-cfg", b"--color"}
)
LINTS = (b"-W", b"-A", b"-D", b"-F")
ONLY_SAYS = frozenset({b"--version", b"-V", b"-vV", b"--help", b"-h", b"--print"})
CARGO_BUILDS = frozenset({b"build", b"b", b"check", b"c", b"run", b"r", b"test", b"t", b"bench", b"clippy"})
CARGO_TAKES_VALUE = frozenset({b"--manifest-path", b"--color", b"--config", b"-Z", b"-C"})


def classify(command: Command) -> Building | None:
    """Recognize rustc with a source, and cargo's orders that compile."""
    match command.exe_name or command.called:
        case b"rustc":
            return rustc(command.argv[1:])
        case b"cargo":
            return cargo(command.argv[1:])
        case _:
            return None


def rustc(arguments: tuple[bytes, ...]) -> Building | None:
    """Read rustc's line; it has one source, and names its program after it."""
    given = operands(arguments, TAKES_VALUE)
    if not given or ONLY_SAYS.intersection(arguments):
        return None
    source = given[0]
    kinds = (value_of(arguments, {b"--crate-type"}), value_of(arguments, {b"--emit"}))
    plain = join(value_of(arguments, {b"--out-dir"}) or b"", splitext(basename(source))[0])
    named = value_of(arguments, {b"-o"}) or (plain if kinds == (None, None) else None)
    return building(
        family="rustc",
        sources=(source,),
        outputs=() if named is None else (named,),
        options=tuple(argument for argument in arguments if argument != source),
    )


def cargo(arguments: tuple[bytes, ...]) -> Building | None:
    """Read cargo's line; which sources it compiles its own files say, which are not read."""
    given = operands([a for a in arguments if not a.startswith(b"+")], CARGO_TAKES_VALUE)
    if not given or given[0] not in CARGO_BUILDS:
        return None
    return building(family="cargo", sources=(), outputs=(), options=arguments)


def building(
    *, family: str, sources: tuple[bytes, ...], outputs: tuple[bytes, ...], options: tuple[bytes, ...]
) -> Building:
    """Give a build of Rust's."""
    edition = value_of(options, {b"--edition"})
    joined = (option.partition(b"=")[2] for option in options if option.startswith(b"--edition="))
    standard = edition or next(joined, None)
    return Building(
        family=family,
        language="rust",
        version=None,
        sources=sources,
        objects=(),
        outputs=outputs,
        options=options,
        links=family == "rustc" and b"--emit" not in options,
        standard=standard.decode(errors="replace") if standard else None,
        warnings=tuple(option for option in options if option.startswith(LINTS)),
    )
