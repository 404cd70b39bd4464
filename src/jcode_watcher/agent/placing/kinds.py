"""The kinds of source files, by what their names tell."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Kind = Literal["c", "python", "notebook", "java", "javascript", "rust", "go", "makefile", "cmake", "text"]


class Marks(NamedTuple):
    """What the names of one kind have in common."""

    suffixes: tuple[bytes, ...]
    """With the dot; in lower case, and any case of a name fits."""
    names: tuple[bytes, ...] = ()
    """Whole names, exactly so."""


KINDS: Final[Mapping[Kind, Marks]] = {
    # C and C++ share their headers.
    "c": Marks(
        (
            b".c",
            b".h",
            b".cc",
            b".cpp",
            b".cxx",
            b".c++",
            b".hh",
            b".hpp",
            b".hxx",
            b".h++",
            b".tcc",
            b".tpp",
        ),
    ),
    "python": Marks((b".py",)),
    "notebook": Marks((b".ipynb",)),
    "java": Marks((b".java",)),
    "javascript": Marks((b".js", b".mjs", b".cjs", b".jsx", b".ts", b".mts", b".cts", b".tsx")),
    "rust": Marks((b".rs",)),
    "go": Marks((b".go",)),
    "makefile": Marks((b".mk",), (b"Makefile", b"makefile", b"GNUmakefile")),
    "cmake": Marks((b".cmake",), (b"CMakeLists.txt",)),
    # What programs are given to read. Not `.out`: that is what linkers call a program.
    "text": Marks((b".txt", b".in", b".csv", b".tsv")),
}
