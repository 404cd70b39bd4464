import pytest

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.classifiers.compiler_driver import classify
from jcode_watcher.agent.classifying.driver_line import LIBRARIES_MAX

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
        ("gcc -xc++ a.c", GCC, "gcc", "13", "c++"),
        ("g++ -x c a.c", b"/usr/bin/g++-13", "gcc", "13", "c"),
        ("gcc main.o", GCC, "gcc", "13", "c"),
        ("gcc k.s", GCC, "gcc", "13", "assembly"),
        ("aarch64-linux-gnu-g++-12 a.cc", b"/usr/bin/aarch64-linux-gnu-g++-12", "gcc", "12", "c++"),
        ("x86_64-w64-mingw32-gcc a.c", b"/usr/bin/x86_64-w64-mingw32-gcc-10-win32", "gcc", "10", "c"),
        (
            "riscv64-unknown-elf-gcc-13.2.0 a.c",
            b"/opt/riscv/bin/riscv64-unknown-elf-gcc-13.2.0",
            "gcc",
            "13.2.0",
            "c",
        ),
        ("musl-gcc a.c", b"/usr/bin/musl-gcc", "gcc", None, "c"),
        ("clang-16 a.c", b"/usr/lib/llvm-16/bin/clang", "clang", "16", "c"),
        ("clang a.c", b"/usr/lib64/llvm17/bin/clang-17", "clang", "17", "c"),
        ("c++ a.cc", b"/usr/lib/ccache/c++", "cc", None, "c++"),
        ("ccache gcc a.c", b"/usr/bin/ccache", "gcc", None, "c"),
        ("ccache -o max_size=5G compression=true clang++-16 a.c", b"/usr/bin/ccache", "clang", "16", "c++"),
        ("distcc gcc-12 -c a.c", b"/usr/bin/distcc", "gcc", "12", "c"),
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
        ("gcc -E -", (b"-",), (), False),
        ("gcc -c -x c -", (b"-",), (b"-.o",), False),
        ("gcc a.c --output=p", (b"a.c",), (b"p",), True),
        ("gcc a.c --output p", (b"a.c",), (b"p",), True),
        ("gcc -fsyntax-only -o p a.c", (b"a.c",), (), False),
        ("gcc -S -o - a.c", (b"a.c",), (), False),
        ("gcc a.c -o /dev/null", (b"a.c",), (), True),
        ("gcc -v a.c", (b"a.c",), (b"a.out",), True),
        ("clang -c -emit-llvm a.c", (b"a.c",), (b"a.bc",), False),
        ("gcc stack.h", (b"stack.h",), (b"stack.h.gch",), False),
        ("gcc a.c stack.h", (b"a.c", b"stack.h"), (b"a.out", b"stack.h.gch"), True),
        ("gcc -B tools -specs x.c a.c", (b"a.c",), (b"a.out",), True),
        ("clang a.c -o p -- -odd.c", (b"a.c", b"-odd.c"), (b"p",), True),
        ("gcc @args", (), (), True),
        ("gcc @args -o p", (), (b"p",), True),
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
        ("gcc -v", GCC),
        ("gcc -### a.c", GCC),
        ("gcc --version a.c", GCC),
        ("gcc -print-file-name=libc.a a.c", GCC),
        ("gcc --help=warnings", GCC),
        ("ccache -s", b"/usr/bin/ccache"),
        ("ccache --max-size 5G", b"/usr/bin/ccache"),
        ("make CC=gcc", b"/usr/bin/make"),
        ("cmake --build .", b"/usr/bin/cmake"),
        ("env CC=gcc gcc a.c", b"/usr/bin/env"),
        ("nice gcc a.c", b"/usr/bin/nice"),
        ("timeout 5 gcc a.c", b"/usr/bin/timeout"),
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


@pytest.mark.parametrize(
    ("line", "standard", "warnings"),
    [
        ("gcc -std=c11 -Wall -Wextra a.c", "c11", (b"-Wall", b"-Wextra")),
        ("g++ --std=gnu++20 -Wno-unused a.cc", "gnu++20", (b"-Wno-unused",)),
        ("gcc -std=c89 -std=c17 -Werror a.c", "c17", (b"-Werror",)),
        ("gcc -ansi -pedantic -w a.c", "ansi", (b"-pedantic", b"-w")),
        ("gcc -Wl,-O1 -Wa,-L -Wp,-DX a.c", None, ()),
    ],
)
def test_the_standard_and_the_warnings_asked_for_are_told(
    line: str, standard: str | None, warnings: tuple[bytes, ...]
) -> None:
    said = build(line)

    assert (said.standard, said.warnings) == (standard, warnings)


def test_a_response_file_is_named_and_nothing_is_guessed_of_its_content() -> None:
    said = build("gcc @args.txt a.c")

    assert (said.response_files, said.sources, said.outputs) == ((b"args.txt",), (b"a.c",), ())


def test_libraries_that_are_only_named_may_be_files_of_the_folders_named() -> None:
    assert build("gcc a.c -Llib -L . -lstack").libraries == (
        b"lib/libstack.a",
        b"lib/libstack.so",
        b"./libstack.a",
        b"./libstack.so",
    )


def test_the_number_of_such_files_is_bounded() -> None:
    many = " ".join(f"-l{n} -L{n}" for n in range(100))

    assert len(build(f"gcc a.c {many}").libraries) == LIBRARIES_MAX


def test_without_linking_what_was_compiled_before_is_no_part_of_the_build() -> None:
    assert build("gcc -c a.c b.o").objects == ()
