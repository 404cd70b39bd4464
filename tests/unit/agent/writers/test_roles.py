import pytest

from jcode_watcher.agent.writers.roles import NAMES, role_of
from jcode_watcher.events.file import Role

NODE = "/usr/lib/code-server/lib/node"


@pytest.mark.parametrize(
    ("exe", "argv", "role"),
    [
        ("/usr/bin/vim.basic", ["vim", "a.c"], "editor"),
        ("/usr/bin/nvim", [], "editor"),
        ("/usr/bin/emacs-gtk", [], "editor"),
        ("/usr/bin/sed", ["sed", "-i", "s/a/b/", "a.c"], "editor"),
        ("/usr/bin/perl", ["perl", "-pi", "-e", "s/a/b/", "a.c"], "editor"),
        ("/usr/bin/perl", ["perl", "make.pl"], "interpreter"),
        (NODE, [NODE, "out/vs/server/main.js"], "editor"),
        ("/usr/bin/node", ["node", "/usr/lib/code-server/out/node/entry"], "editor"),
        ("/usr/bin/node", ["node", "app.js"], "interpreter"),
        ("/usr/bin/python3.11", ["python3", "gen.py"], "interpreter"),
        ("/usr/bin/python3.11", ["python3", "-m", "ipykernel_launcher", "-f", "x"], "notebook"),
        ("/usr/bin/python3.11", ["/usr/bin/python3", "/usr/local/bin/jupyter-lab"], "notebook"),
        ("/usr/bin/git", ["git", "checkout"], "version_control"),
        ("/usr/bin/x86_64-linux-gnu-ld.bfd", ["ld"], "compiler"),
        ("/usr/bin/x86_64-linux-gnu-gcc-12", ["gcc"], "compiler"),
        ("/usr/lib/gcc/x86_64-linux-gnu/12/cc1", [], "compiler"),
        ("/usr/bin/unzip", [], "archive"),
        ("/usr/bin/cp", [], "copy"),
        ("/usr/bin/bash", ["bash"], "shell"),
        ("/usr/bin/cat", ["cat"], "shell"),
        ("/bin/busybox", ["cp", "a", "b"], "copy"),
        ("/bin/busybox", [], "shell"),
        ("/home/coder/project/hw1/a.out", ["./a.out"], "other"),
        ("", [], "unknown"),
    ],
)
def test_a_program_has_its_role(exe: str, argv: list[str], role: Role) -> None:
    assert role_of(exe, argv, "") == role


def test_without_an_executable_the_short_name_tells() -> None:
    assert role_of("", [], "git") == "version_control"


def test_no_name_has_two_roles() -> None:
    names = [name for listed in NAMES.values() for name in listed.split()]

    assert len(names) == len(set(names))
