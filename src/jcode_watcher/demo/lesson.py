"""What a student does in one assignment: a table of acts, each with the events it must make."""

import signal
import zipfile
from dataclasses import dataclass
from pathlib import Path

from jcode_watcher.demo.ledger import Expected

SHELL_SIGNALLED = 128


@dataclass(frozen=True)
class Act:
    """One command typed into the shell, in the assignment's folder."""

    command: str
    expected: tuple[Expected, ...]

    @property
    def status(self) -> int:
        """What the shell must show: the exit code, or 128 and the signal's number."""
        for expected in self.expected:
            if expected.signal is not None:
                return SHELL_SIGNALLED + signal.Signals[expected.signal]
            if expected.exit_code is not None:
                return expected.exit_code
        return 0


HELLO = '#include <stdio.h>\\nint main(void) {{ printf("hello, {who}\\\\n"); return 0; }}\\n'
WARNS = '#include <stdio.h>\\nint main(void) {{ int unused = {who}; puts("careful"); return 3; }}\\n'
WRONG = "int main(void) {{ return {who} }}\\n"
NO_SYMBOL = "int missing(int);\\nint main(void) {{ return missing({who}); }}\\n"
SEGFAULT = "int main(void) {{ volatile int *p = 0; return *p + {who}; }}\\n"
DIVIDES = "int main(void) {{ volatile int zero = 0; return (100 + {who}) / zero; }}\\n"
LOOPS = "int main(void) {{ for (volatile unsigned long n = {who};; n++) {{ }} }}\\n"
HOG = (
    "#include <stdlib.h>\\n#include <string.h>\\n"
    "int main(void) {{ for (;;) {{ char *p = malloc(1 << 20); if (p) memset(p, {who}, 1 << 20); }} }}\\n"
)
TRACEBACK = "def divide(a, b):\\n    return a / b\\n\\n\\nprint(divide({who}, 0))\\n"
PACKED = {
    "packed/list.c": "int first({who});\n",
    "packed/list.h": "int first(int);\n",
    "packed/run.py": "print({who})\n",
}


def save(path: str) -> Expected:
    """Expect a version."""
    return Expected("save", path)


def build(source: str, exit_code: int) -> Expected:
    """Expect a compile."""
    return Expected("build", source, exit_code=exit_code)


def run(target: str, exit_code: int | None = None, signal: str | None = None) -> Expected:
    """Expect a run."""
    return Expected("run", target, exit_code=exit_code, signal=signal)


def write(path: str, text: str) -> Act:
    """Save by the shell's own redirect."""
    return Act(f"printf '%b' '{text}' > {path}", (save(path),))


def compiled(program: str, options: str = "") -> Act:
    """Compile one C file into a program of its name, with success."""
    return Act(f"gcc {options} -o {program} {program}.c", (build(f"{program}.c", 0),))


def lesson(number: int) -> tuple[Act, ...]:
    """Give the acts of one assignment; `number` makes the student's files differ from all others."""
    text = {name: source.format(who=number) for name, source in SOURCES.items()}
    return (
        write("hello.c", text["hello"]),
        compiled("hello"),
        Act("./hello", (run("hello", 0),)),
        Act("sed -i 's/hello/good morning/' hello.c", (save("hello.c"),)),
        compiled("hello", "-O2 -Wall"),
        Act("./hello", (run("hello", 0),)),
        write("careful.c", text["warns"]),
        compiled("careful", "-Wall -Wextra"),
        Act("./careful", (run("careful", 3),)),
        write("wrong.c", text["wrong"]),
        Act("gcc -o wrong wrong.c", (build("wrong.c", 1),)),
        Act(
            "vim.tiny -nNesu NONE --cmd 'set backupcopy=no' -c 's/ }/; }/' -c wq wrong.c", (save("wrong.c"),)
        ),
        compiled("wrong"),
        write("linker.c", text["no_symbol"]),
        Act("gcc -o linker linker.c", (build("linker.c", 1),)),
        write("segfault.c", text["segfault"]),
        compiled("segfault", "-g"),
        Act("./segfault", (run("segfault", signal="SIGSEGV"),)),
        write("divides.c", text["divides"]),
        compiled("divides"),
        Act("./divides", (run("divides", signal="SIGFPE"),)),
        write("loops.c", text["loops"]),
        compiled("loops"),
        Act("timeout -s KILL 0.3 ./loops", (run("loops", signal="SIGKILL"),)),
        write("hog.c", text["hog"]),
        compiled("hog"),
        Act("./hog", (run("hog", signal="SIGKILL"), Expected("oom_kill", "hog"))),
        write("divide.py", text["traceback"]),
        Act("python3 divide.py", (run("divide.py", 1),)),
        Act("sed -i 's/, 0/, 4/' divide.py", (save("divide.py"),)),
        Act("python3 divide.py", (run("divide.py", 0),)),
        Act("unzip -o packed.zip", tuple(save(path) for path in PACKED)),
        Act("python3 packed/run.py", (run("packed/run.py", 0),)),
        Act("mv linker.c unfinished.c", (Expected("move", "linker.c", destination="unfinished.c"),)),
        Act("rm careful.c", (Expected("delete", "careful.c"),)),
    )


SOURCES = {
    "hello": HELLO,
    "warns": WARNS,
    "wrong": WRONG,
    "no_symbol": NO_SYMBOL,
    "segfault": SEGFAULT,
    "divides": DIVIDES,
    "loops": LOOPS,
    "hog": HOG,
    "traceback": TRACEBACK,
}


def hand_out(folder: Path, number: int) -> None:
    """Put what the instructor hands out into the assignment's folder: an archive with three files."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        for path, text in PACKED.items():
            archive.writestr(path, text.format(who=number))
