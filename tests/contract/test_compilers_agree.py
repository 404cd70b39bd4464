"""The compilers' own word on their command lines (`-###` prints what they would do) against our reading."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.classifiers.compiler_driver import classify

EXAMPLES = 60
"""A driver and a line each; a compiler's answer takes some tens of milliseconds."""
FILES = (
    "a.c",
    "b.c",
    "sub/c.c",
    "d.cpp",
    "e.cc",
    "f.cxx",
    "g.C",
    "k.s",
    "l.S",
    "m.o",
    "n.a",
    "q.so",
    "r.h",
    "t.hpp",
)
LANGUAGE_OF_INNER = {"cc1": "c", "cc1plus": "c++", "as": "assembly"}
LANGUAGE_OF_X = {
    "c": "c",
    "c++": "c++",
    "c-header": "c",
    "c++-header": "c++",
    "assembler": "assembly",
    "assembler-with-cpp": "assembly",
    "cpp-output": "c",
    "c++-cpp-output": "c++",
}
PCH = "--output-pch="
NO_STEPS = frozenset({"(in-process)"})
LINKERS = frozenset({"collect2", "ld", "ld.bfd", "ld.lld"})

Word = tuple[str, ...]
inputs: st.SearchStrategy[Word] = st.sampled_from(FILES).map(lambda name: (name,))
PLAIN_FLAGS = (
    "-Wall -Wextra -Werror -w -O2 -O0 -g -g3 -fPIC -pedantic -std=gnu99 -Isub -DX -Lsub -lm -Wl,-O1 -Wp,-DY "
    "-pthread -shared -static -MD -MMD -Bsub -nostdlib -rdynamic -pipe -v -s -fno-builtin -march=native"
)
FLAGS_WITH_VALUE = (
    "-I -D -U -L -l -include -imacros -isystem -iquote -idirafter -Xlinker -Xassembler -Xpreprocessor -z -u "
    "-MF -MT -MQ -B -T -e --sysroot --param"
)
LANGUAGE_FLAGS = {"-x", "-xc", "-xc++", "--language=c"}
LINKER_FLAGS = {"-Xlinker", "-l", "-lm", "-Wl,-O1", "-z", "-u", "-T", "-e", "-s"}
TRAP = "trap.c"
"""The value of such an option looks like a source and is none."""
plain_flags: st.SearchStrategy[Word] = st.sampled_from(PLAIN_FLAGS.split()).map(lambda flag: (flag,))
options_with_value = st.sampled_from(FLAGS_WITH_VALUE.split())
valued_flags: st.SearchStrategy[Word] = options_with_value.map(lambda flag: (flag, TRAP))
flags = plain_flags | valued_flags
outputs: st.SearchStrategy[Word] = st.sampled_from(
    [("-o", "p"), ("-op",), ("-o", "sub/p.c"), ("--output=p",), ("--output", "p")]
)
stages: st.SearchStrategy[Word] = st.sampled_from(
    [("-c",), ("-S",), ("-E",), ("-fsyntax-only",), ("-M",), ("-MM",)]
)
languages: st.SearchStrategy[Word] = st.sampled_from(
    [("-x", "c"), ("-xc",), ("-x", "c++"), ("-xc++",), ("-x", "none"), ("--language=c",)]
)
STANDARD_INPUT = ("-x", "c", "-")


class Verdict(NamedTuple):
    """What a command line asks for."""

    sources: frozenset[str]
    language: str | None
    """Of the first source on the line."""
    outputs: frozenset[str]
    links: bool


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Give a command line: inputs, options, at most one output, stages and languages, in any order."""
    words = draw(st.lists(inputs, min_size=1, max_size=3, unique=True))
    words += draw(st.lists(flags, max_size=5))
    words += draw(st.lists(outputs, max_size=1))
    words += draw(st.lists(stages, max_size=2))
    words += draw(st.lists(languages, max_size=1))
    if draw(st.integers(0, 7)) == 0:
        words.append(STANDARD_INPUT)
    stopping = {word[0] for word in words} & {"-E", "-S", "-M", "-MM", "-fsyntax-only"}
    # What is assembly already is passed over by a stage that stops before the assembler.
    unfit = {"k.s", "l.S"} if stopping else set()
    if stopping & {"-M", "-MM"}:
        unfit.add("-MF")  # names the output there, and with several sources each compiler in its own way
    if {word[0] for word in words} & {"r.h", "t.hpp"}:
        # gcc links these alone, and g++ behind a -x its own library, beside a header that it precompiles.
        unfit |= LINKER_FLAGS | LANGUAGE_FLAGS
    fit = [word for word in words if word[0] not in unfit]
    return [part for word in draw(st.permutations(fit)) for part in word]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with all the files that a line may name, and one for what compilers make in between."""
    folder = tmp_path_factory.mktemp("compilers")
    (folder / "sub").mkdir()
    (folder / "between").mkdir()
    for name in (*FILES, TRAP):
        (folder / name).touch()
    yield folder
    assert not (folder / "p").exists(), "-### must build nothing"


@pytest.mark.parametrize("driver", ["gcc", "g++", "clang", "clang++"])
# The same lines each time: one that nobody thought of is for whoever works on this, not for whoever builds.
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(line=lines())
def test_a_line_is_read_as_the_compiler_reads_it(driver: str, folder: Path, line: list[str]) -> None:
    path = shutil.which(driver)
    if path is None:
        pytest.skip(f"{driver} is not installed")
    says = asked(path, line, folder)
    assume(says is not None)
    event("links" if says.links else "does not link")  # type: ignore[union-attr]  # assumed above

    assert read(path, line, folder) == says


def read(driver: str, line: Sequence[str], folder: Path) -> Verdict:
    """Give the agent's reading."""
    argv = (driver.rpartition("/")[2], *line)
    said = classify(
        Command(
            exe=os.fsencode(Path(driver).resolve()),
            argv=tuple(map(os.fsencode, argv)),
            cwd=os.fsencode(folder),
            own=lambda _: False,
        )
    )
    if not isinstance(said, Building):
        return Verdict(frozenset(), None, frozenset(), links=False)
    return Verdict(
        frozenset(map(os.fsdecode, said.sources)),
        said.language if said.sources else None,
        frozenset(map(os.fsdecode, said.outputs)),
        said.links,
    )


def asked(driver: str, line: Sequence[str], folder: Path) -> Verdict | None:
    """Give the compiler's own word; None where it refuses the line or has nothing to do with an input."""
    answer = subprocess.run(
        [driver, "-###", *line],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "between"), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if answer.returncode:
        return None
    steps = [shlex.split(step) for step in answer.stderr.splitlines() if step.startswith(" ")]
    return verdict([step for step in steps if step[0] not in NO_STEPS], line, folder)


def verdict(steps: Sequence[Sequence[str]], line: Sequence[str], folder: Path) -> Verdict:
    """Put together what the steps of a build say."""
    seen: dict[str, str] = {}
    written: set[str] = set()
    links = False
    for step in steps:
        inner = step[0].rpartition("/")[2]
        links = links or inner in LINKERS
        output = output_of(step) or ("a.out" if inner in LINKERS else None)
        if output not in {None, "-", TRAP} and not output.startswith((str(folder / "between"), "/dev/")):
            written.add(output)
        if inner not in LINKERS:
            seen.update(source_of(step, inner))
    language = seen[min(seen, key=line.index)] if seen else None
    return Verdict(frozenset(seen), language, frozenset(written), links)


def output_of(step: Sequence[str]) -> str | None:
    """Give what a step writes."""
    header = next((place for place, word in enumerate(step) if word.startswith(PCH)), None)
    if header is not None:
        return step[header].removeprefix(PCH) or step[header + 1]
    options = ("-o", "-dependency-file") if "-Eonly" in step else ("-o",)
    named = (step[step.index(option) + 1] for option in options if option in step)
    return next(named, None)


def source_of(step: Sequence[str], inner: str) -> dict[str, str]:
    """Give the source that a step reads, and its language."""
    if inner == "clang":
        return clang_source_of(step)
    found = [word for word in step[1:] if word in FILES or word == "-"]
    language = "assembly" if "-lang-asm" in step else LANGUAGE_OF_INNER[inner]
    return {found[0]: language} if found else {}


def clang_source_of(step: Sequence[str]) -> dict[str, str]:
    """Give the same of clang, which names the language and then the file at the end."""
    if step[1] == "-cc1as":
        return {step[-1]: "assembly"} if step[-1] in FILES else {}
    language, path = step[-2:]
    return {path: LANGUAGE_OF_X[language]} if path in FILES or path == "-" else {}
