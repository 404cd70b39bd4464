"""What the options of gcc and clang do to the reading of their command line."""

from typing import Final

# fmt: off
TAKES_VALUE: Final = frozenset({
    b"-A", b"-B", b"-D", b"-F", b"-G", b"-I", b"-L", b"-T", b"-Tbss", b"-Tdata", b"-Ttext", b"-U",
    b"-Xanalyzer", b"-Xarch_device", b"-Xarch_host", b"-Xassembler", b"-Xclang", b"-Xlinker",
    b"-Xpreprocessor", b"-arch", b"-aux-info", b"-dumpbase", b"-dumpbase-ext", b"-dumpdir", b"-e",
    b"-framework", b"-h", b"-idirafter", b"-imacros", b"-imultilib", b"-include", b"-iprefix",
    b"-iquote", b"-isysroot", b"-isystem", b"-iwithprefix", b"-iwithprefixbefore", b"-l", b"-MF", b"-MQ",
    b"-MT", b"-mllvm", b"-rpath", b"-specs", b"-target", b"-u", b"-wrapper", b"-z", b"-imultiarch",
    b"-ivfsoverlay", b"-iframework", b"--param", b"--sysroot", b"--prefix", b"--include", b"--imacros",
    b"--include-directory", b"--include-directory-after", b"--include-prefix", b"--define-macro",
    b"--undefine-macro", b"--assert", b"--library-directory", b"--for-assembler", b"--for-linker",
    b"--force-link", b"--entry", b"--specs",
})
# fmt: on
"""Options whose value is the next argument when they stand alone. -o and -x are read on their own."""

OUTPUT: Final = (b"-o", b"--output")
LANGUAGE: Final = (b"-x", b"--language")
LIBRARY: Final = (b"-l", b"--library")
LIBRARY_FOLDER: Final = (b"-L", b"--library-directory")
"""Options read for their value, short (joined or apart) and long (with `=` or apart)."""

STAGES: Final = {
    b"-fsyntax-only": "check",
    b"-M": "preprocess",
    b"-MM": "preprocess",
    b"--dependencies": "preprocess",
    b"--user-dependencies": "preprocess",
    b"-E": "preprocess",
    b"--preprocess": "preprocess",
    b"-S": "assembly",
    b"--assemble": "assembly",
    b"-c": "object",
    b"--compile": "object",
}
"""Where an option lets the driver stop."""

STAGE_ORDER: Final = ("preprocess", "check", "assembly", "object", "link")
"""The earliest stage that was asked for wins, wherever its option stands."""

STAGE_SUFFIXES: Final = {"assembly": b".s", "object": b".o"}
"""Suffix of an output that is named after its source."""
BITCODE_SUFFIXES: Final = {"assembly": b".ll", "object": b".bc"}
"""The same with clang's -emit-llvm."""
HEADER_SUFFIX: Final = b".gch"
"""What a header becomes that is compiled by itself."""

ONLY_SAYS: Final = (
    b"-###",
    b"--version",
    b"--help",
    b"--target-help",
    b"-help",
    b"-dumpversion",
    b"-dumpfullversion",
    b"-dumpmachine",
    b"-dumpspecs",
    b"-print-",
    b"--print-",
)
"""Beginnings of options by which a driver says something and builds nothing, whatever else it is given."""

STANDARD: Final = (b"-std=", b"--std=")
ANSI: Final = (b"-ansi", b"--ansi")
WARNINGS: Final = (
    b"-w",
    b"-pedantic",
    b"-pedantic-errors",
    b"--pedantic",
    b"--pedantic-errors",
    b"--all-warnings",
)
PASSED_ON: Final = (b"-Wl,", b"-Wa,", b"-Wp,")
"""What looks like a warning's option and is handed to the linker, the assembler or the preprocessor."""

LANGUAGES: Final = {
    b".c": "c",
    b".i": "c",
    b".h": "c",
    b".C": "c++",
    b".cc": "c++",
    b".cp": "c++",
    b".cxx": "c++",
    b".cpp": "c++",
    b".CPP": "c++",
    b".c++": "c++",
    b".ii": "c++",
    b".H": "c++",
    b".hh": "c++",
    b".hp": "c++",
    b".hxx": "c++",
    b".hpp": "c++",
    b".HPP": "c++",
    b".h++": "c++",
    b".tcc": "c++",
    b".m": "objective-c",
    b".mi": "objective-c",
    b".M": "objective-c++",
    b".mm": "objective-c++",
    b".s": "assembly",
    b".S": "assembly",
    b".sx": "assembly",
    b".f": "fortran",
    b".for": "fortran",
    b".f90": "fortran",
    b".f95": "fortran",
    b".F": "fortran",
    b".F90": "fortran",
    b".d": "d",
    b".go": "go",
    b".adb": "ada",
    b".ads": "ada",
}
"""Language by suffix; what has another suffix goes to the linker."""

PLUS_LANGUAGES: Final = {**LANGUAGES, b".c": "c++", b".h": "c++", b".i": "c++"}
"""The same for g++ and clang++, which take C for C++."""

HEADER_SUFFIXES: Final = frozenset(
    {b".h", b".H", b".hh", b".hp", b".hxx", b".hpp", b".HPP", b".h++", b".tcc"},
)

NAMED_LANGUAGES: Final = {
    b"c": "c",
    b"c-header": "c",
    b"cpp-output": "c",
    b"c++": "c++",
    b"c++-header": "c++",
    b"c++-cpp-output": "c++",
    b"objective-c": "objective-c",
    b"objective-c++": "objective-c++",
    b"assembler": "assembly",
    b"assembler-with-cpp": "assembly",
}
"""Language by the value of -x; one that is not here goes by the name it was given."""
