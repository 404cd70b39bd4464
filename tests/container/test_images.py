"""The recipes build on a base that has nothing but Python, and hold what their program needs, no more."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.container, pytest.mark.timeout(1_800)]

VERSION = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]["version"]
IN_IMAGE = ("run", "--rm", "--network=none", "--read-only", "--read-only-tmpfs=false", "--cap-drop=all")


def python(images: Any, program: str, code: str) -> str:
    said: str = images(*IN_IMAGE, "--entrypoint=python", f"jcode-watcher-{program}:{VERSION}", "-c", code)
    return said.strip()


@pytest.mark.parametrize(("program", "flag"), [("agent", "--hostname-prefix"), ("service", "--data")])
def test_the_program_runs_on_a_read_only_root_without_capabilities(
    images: Any, program: str, flag: str
) -> None:
    assert flag in images(*IN_IMAGE, f"jcode-watcher-{program}:{VERSION}", "--help")


@pytest.mark.parametrize(("program", "uid"), [("agent", "0"), ("service", "65532")])
def test_the_user_is_the_one_of_the_manifest(images: Any, program: str, uid: str) -> None:
    assert python(images, program, "import os; print(os.getuid())") == uid


def test_only_the_agent_can_load_the_programs_of_the_kernel(images: Any) -> None:
    code = "import glob; print(len(glob.glob('/usr/lib/*/libbpf.so.*')) > 0)"
    assert python(images, "agent", f"import jcode_watcher.procmon; {code}") == "True"
    assert python(images, "service", code) == "False"


def test_only_the_service_carries_the_database(images: Any) -> None:
    code = "import importlib.util; print(importlib.util.find_spec('chdb') is not None)"
    assert python(images, "agent", code) == "False"
    assert python(images, "service", code) == "True"


@pytest.mark.parametrize("program", ["agent", "service"])
def test_no_compiler_no_installer_and_no_way_to_an_index_is_left(images: Any, program: str) -> None:
    code = (
        "import glob, importlib.util, shutil; "
        "print([name for name in ('gcc', 'clang', 'pip') if shutil.which(name)], "
        "importlib.util.find_spec('pip'), glob.glob('/etc/pip*'), glob.glob('/run/secrets/*'))"
    )
    assert python(images, program, code) == "[] None [] []"
