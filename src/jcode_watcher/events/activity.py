"""What a process was for the student: a build, a run, or neither."""

import msgspec


class Build(msgspec.Struct, frozen=True, kw_only=True, tag="build", tag_field="type"):
    """A compiler driver at work; its helpers (cc1, as, ld) are part of it and are no builds of their own."""

    family: str
    """`gcc`, `clang`, `javac`, `rustc`, `go` or another family a classifier names."""
    language: str
    """`c`, `c++`, ..."""
    version: str | None = None
    sources: tuple[str, ...] = ()
    """Paths below the assignment folder; outside it, as given."""
    output: str | None = None
    """Path below the assignment folder; outside it, as given."""
    options: tuple[str, ...] = ()
    links: bool = False
    """Whether it was asked for a linked program or library."""
    standard: str | None = None
    """As -std names it (`c11`, `gnu++20`); `ansi` for -ansi; null where none was asked for."""
    warnings: tuple[str, ...] = ()
    """Those of the options that ask for warnings or silence them, in their order."""
    response_files: tuple[str, ...] = ()
    """Files with further arguments (`@FILE`): not read, so that the other fields may lack what they say."""


class Run(msgspec.Struct, frozen=True, kw_only=True, tag="run", tag_field="type"):
    """A student's program or script at work."""

    target: str
    """The program or script: path below the assignment folder. Where there is none: `-c`, `-m NAME`, `-` for
    standard input, `ipykernel` for a notebook's cells, `-e` or a command's name."""
    interpreter: str | None = None
    """`python`, `java`, `node` or another a classifier names; null for a binary."""
    version: str | None = None
    built_here: bool = False
    """Whether a build that was seen wrote the target."""
    built_from: tuple[str, ...] = ()
    """SHA-256 of the saved sources of that build, where known."""


Activity = Build | Run
