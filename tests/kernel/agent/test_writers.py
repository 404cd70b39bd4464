"""Each save names the program that wrote it, however short that program's life was."""

import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.kernel.agent.node import LOAD
from tests.kernel.agent.program import POLL_SECONDS, SECONDS_MAX

from jcode_watcher.demo.shell import Shell
from jcode_watcher.events.file import Role

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

SAVES = 1_000
KNOWN_LEAST = 0.99
COPIES = 200
STORM = 100_000
"""Programs at most that run beside the copies."""
SHELLS = ("subshell.py", "alive.py")
PYTHONS = ("thread.py", "child.py", "grandchild.py")
KINDS = ((SHELLS, "bash"), (PYTHONS, "python3"))


class Tool(NamedTuple):
    """A program that writes one file and is gone."""

    command: str
    """Writes `<its name>-$n.c` or a file that is called so without number."""
    exe: str
    role: Role
    needs: str = ""


TOOLS = {
    "cp": Tool("cp seed.c cp-$n.c", "cp", "copy"),
    "sed": Tool("sed -i s/.*/$n/ sed.c", "sed", "editor"),
    "git": Tool("rm -f git.c; git checkout -q git.c", "git", "version_control", "git"),
    "unzip": Tool("unzip -qo seed.zip", "unzip", "archive", "unzip"),
    "ld": Tool("gcc seed.o -o ld-$n.cc", "ld", "compiler", "gcc"),
    "tar": Tool("tar xf seed.tar", "tar", "archive"),
    "rsync": Tool("rsync seed.c rsync-$n.c", "rsync", "copy", "rsync"),
    "mv": Tool("cp seed.c coming && mv coming mv-$n.c", "mv", "copy"),
    "install": Tool("install -m 644 seed.c install-$n.c", "install", "copy"),
    "patch": Tool("patch -s -o patch-$n.c seed.c seed.diff", "patch", "version_control", "patch"),
    "python": Tool(
        '/usr/bin/python3 -c \'open("python-\'$n\'.py", "w").write("1")\'', "python3", "interpreter"
    ),
    "ln": Tool("ln seed.c ln-$n.c", "ln", "copy"),
    "sh": Tool('sh -c "echo $n > sh-$n.c"', "sh", "shell"),
}
SEED = r"""
cd hw1 && printf 'int main(){return 0;}\n' > seed.c && gcc -c seed.c
for name in git unzip tar; do cp seed.c $name.c; done
tar cf seed.tar tar.c; zip -q seed.zip unzip.c; printf '1\n' > sed.c
printf '1c\nint main(){return 1;}\n.\n' > seed.diff
git init -q . && git add git.c && git -c user.name=s -c user.email=s@localhost commit -qm seed
"""


def of_tool(save: dict[str, Any]) -> str:
    return str(save["path"].partition(".")[0].partition("-")[0])


def test_a_save_names_its_writer_though_that_has_ended_long_before(classroom: "Classroom") -> None:
    tools = {name: tool for name, tool in TOOLS.items() if not tool.needs or shutil.which(tool.needs)}
    rounds = -(-SAVES // len(tools))
    with Shell(f"{classroom.prefix}{classroom.hw.parent.name}", classroom.hw.parent) as shell:
        assert shell.type(SEED) == 0
        shell.type("printf 1 > begin.py")
        for n in range(rounds):
            shell.type(f"n={n}; " + "; ".join(tool.command for tool in tools.values()))
        shell.type("printf 1 > end.py")
    classroom.wait_for(lambda event: event["body"].get("path") == "end.py")

    saves = classroom.saves()
    saves = saves[[save["path"] for save in saves].index("begin.py") + 1 : -1]
    named = Counter(of_tool(save) for save in saves if is_named(save, tools[of_tool(save)]))
    table = ", ".join(f"{name} ({tool.role}) {named[name]}/{rounds}" for name, tool in tools.items())
    for save in saves:
        if not is_named(save, tools[of_tool(save)]):
            print("not", save["path"], save["writer"])
    print(f"writers known of {len(saves)} saves: {table}")
    assert len(saves) >= SAVES
    assert named.total() >= KNOWN_LEAST * len(saves)


def is_named(save: dict[str, Any], tool: Tool) -> bool:
    """Tell whether a save says that this tool wrote it, in the owner's container."""
    writer = save["writer"]
    return bool(tool.exe in writer["exe"] and (writer["role"], writer["whose"]) == (tool.role, "owner"))


WITHOUT_EXEC = r"""
(echo 1 > subshell.py)
(echo 1 > alive.py; sleep 0.3; true) &
/usr/bin/python3 - <<'END' &
import os, threading
def write(path):
    with open(path, "w") as out:
        out.write("1")
thread = threading.Thread(target=write, args=("thread.py",))
thread.start()
thread.join()
if os.fork() == 0:
    if os.fork() == 0:
        write("grandchild.py")
        os._exit(0)
    os.wait()
    write("child.py")
    os._exit(0)
os.wait()
END
wait
"""


def test_a_thread_and_a_child_that_executes_nothing_write_as_their_program(classroom: "Classroom") -> None:
    with Shell(f"{classroom.prefix}{classroom.hw.parent.name}", classroom.hw.parent) as shell:
        shell.type(f"cd hw1\n{WITHOUT_EXEC}")
    writers = writers_of(classroom, [*SHELLS, *PYTHONS])

    assert {path: w["role"] for path, w in writers.items()} == dict.fromkeys(SHELLS, "shell") | dict.fromkeys(
        PYTHONS, "interpreter"
    )
    assert all(name in writers[path]["exe"] for paths, name in KINDS for path in paths)
    assert {writer["whose"] for writer in writers.values()} == {"owner"}


def test_a_program_that_is_older_than_the_agent_is_named(classroom: "Classroom") -> None:
    with Shell(f"{classroom.prefix}{classroom.hw.parent.name}", classroom.hw.parent) as shell:
        classroom.agent.kill()
        classroom.start_agent()
        shell.type("echo 1 > hw1/old.py")
    writer = writers_of(classroom, ["old.py"])["old.py"]

    assert (writer["role"], writer["whose"]) == ("shell", "owner")


def test_a_writer_is_named_while_its_container_runs_as_many_programs_as_it_may(
    classroom: "Classroom", tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with Shell(f"{classroom.prefix}{classroom.hw.parent.name}", classroom.hw.parent) as shell:
        shell.type("cd hw1; printf 'int main;' > seed.c")
        shell.type(f"mkfifo going; {sys.executable} {LOAD} {said} 0 {STORM} < going & exec 3> going")
        while not said.exists() or not said.stat().st_size:
            time.sleep(POLL_SECONDS)
        for n in range(COPIES):
            # A hard link is told only after a time of quiet.
            shell.type(f"cp seed.c copy-{n}.c; ln seed.c link-{n}.c")
        shell.type("exec 3>&-; wait")
    writers = writers_of(classroom, [f"{kind}-{n}.c" for n in range(COPIES) for kind in ("copy", "link")])

    known = [w for w in writers.values() if (w["role"], w["whose"]) == ("copy", "owner")]
    print(f"{len(known)} of {len(writers)} known, {len(said.read_text().splitlines())} programs beside")
    assert len(known) >= KNOWN_LEAST * len(writers)


def writers_of(classroom: "Classroom", paths: list[str]) -> dict[str, Any]:
    """Give who wrote each file, once the last is told."""
    classroom.wait_for(lambda event: event["body"].get("path") == paths[-1])
    deadline = time.monotonic() + SECONDS_MAX
    while not set(paths) <= (writers := {s["path"]: s["writer"] for s in classroom.saves()}).keys():
        assert time.monotonic() < deadline, set(paths) - writers.keys()
        time.sleep(POLL_SECONDS)
    return {path: writers[path] for path in paths}
