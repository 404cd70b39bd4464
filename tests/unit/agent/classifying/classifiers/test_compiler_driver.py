import pytest

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.classifiers.compiler_driver import classify

GCC = b"/usr/bin/x86_64-linux-gnu-gcc-13"


def command(line: str, exe: bytes = GCC, *, own: bool = False) -> Command:
    return Command(
        exe=exe, argv=tuple(line.encode().split()), cwd=b"/home/coder/project/hw1", own=lambda _: own
    )


def build(line: str, exe: bytes = GCC) -> Building:
    said = classify(command(line, exe))
    assert said is not None
    return said


@pytest.mark.parametrize(
    ("line", "exe", "family", "version", "language"),
    [
        ("gcc a.c", GCC, "gcc", "13", "c"),
        ("cc a.c", GCC, "gcc", "13", "c"),
        ("gcc a.cpp", GCC, "gcc", "13", "c++"),
        ("g++ a.cc", b"/usr/bin/aarch64-linux-gnu-g++-9", "gcc", "9", "c++"),
        ("g++ a.c", b"/usr/bin/x86_64-linux-gnu-g++-13", "gcc", "13", "c++"),
        ("clang a.c", b"/usr/lib/llvm-14/bin/clang", "clang", "14", "c"),
        ("clang++ a.c", b"/usr/lib/llvm-14/bin/clang", "clang", "14", "c++"),
        ("clang-15 a.c", b"/usr/bin/clang-15", "clang", "15", "c"),
        ("arm-none-eabi-gcc a.c", b"/opt/arm/bin/arm-none-eabi-gcc", "gcc", None, "c"),
        ("gcc a.c", b"/usr/bin/ccache", "gcc", None, "c"),
        ("cc a.c", b"", "cc", None, "c"),
        ("gcc -x c++ a.c", GCC, "gcc", "13", "c++"),
        ("gcc main.o", GCC, "gcc", "13", "c"),
    ],
)
def test_a_driver_is_known_on_any_machine(
    line: str, exe: bytes, family: str, version: str | None, language: str
) -> None:
    said = build(line, exe)

    assert (said.family, said.version, said.language) == (family, version, language)


@pytest.mark.parametrize(
    ("line", "sources", "outputs", "links"),
    [
        ("gcc a.c", (b"a.c",), (b"a.out",), True),
        ("gcc a.c b.c -o prog", (b"a.c", b"b.c"), (b"prog",), True),
        ("gcc -oprog a.c", (b"a.c",), (b"prog",), True),
        ("gcc -c src/a.c", (b"src/a.c",), (b"a.o",), False),
        ("gcc a.c b.c -c", (b"a.c", b"b.c"), (b"a.o", b"b.o"), False),
        ("gcc -S a.c", (b"a.c",), (b"a.s",), False),
        ("gcc -E a.c", (b"a.c",), (), False),
        ("gcc -c -E a.c", (b"a.c",), (), False),
        ("gcc -fsyntax-only a.c", (b"a.c",), (), False),
        ("gcc -MM a.c", (b"a.c",), (), False),
        ("gcc -I inc -D X a.c -lm", (b"a.c",), (b"a.out",), True),
        ("gcc -x c - -o p", (b"-",), (b"p",), True),
        ("gcc @args", (), (b"a.out",), True),
    ],
)
def test_what_is_built_from_what_is_read_from_the_line(
    line: str, sources: tuple[bytes, ...], outputs: tuple[bytes, ...], links: object
) -> None:
    said = build(line)

    assert (said.sources, said.outputs, said.links) == (sources, outputs, links)


def test_objects_are_no_sources() -> None:
    said = build("gcc a.c b.o libx.a -o p")

    assert said.sources == (b"a.c",)
    assert said.objects == (b"b.o", b"libx.a")


def test_options_keep_their_order_and_values() -> None:
    assert build("gcc -Wall -std=c11 -I inc a.c -o p -lm").options == (
        b"-Wall",
        b"-std=c11",
        b"-I",
        b"inc",
        b"-lm",
    )


@pytest.mark.parametrize(
    ("line", "exe"),
    [
        ("gcc --version", GCC),
        ("gcc -dumpmachine", GCC),
        ("clang -cc1 -triple x a.c", b"/usr/lib/llvm-14/bin/clang"),
        ("cc1 a.c", b"/usr/lib/gcc/x86_64-linux-gnu/13/cc1"),
        ("as a.s", b"/usr/bin/x86_64-linux-gnu-as"),
        ("collect2 a.o", b"/usr/lib/gcc/x86_64-linux-gnu/13/collect2"),
        ("ld a.o", b"/usr/bin/x86_64-linux-gnu-ld.bfd"),
        ("gccgo a.go", b"/usr/bin/gccgo"),
        ("clang-format a.c", b"/usr/bin/clang-format-14"),
        ("gcc-ar x", b"/usr/bin/x86_64-linux-gnu-gcc-ar-13"),
        ("", b"/usr/bin/ls"),
    ],
)
def test_helpers_and_other_programs_build_nothing(line: str, exe: bytes) -> None:
    assert classify(command(line, exe)) is None


def test_a_students_program_named_like_a_compiler_is_none() -> None:
    assert classify(command("./cc a.c", b"/home/coder/project/hw1/cc", own=True)) is None
