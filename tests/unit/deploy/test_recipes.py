"""What the image recipes promise, as far as their text shows it; tests/container builds them."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

IMAGES = Path(__file__).parents[3] / "deploy/images"
RECIPES = {kind: (IMAGES / f"{kind}.Containerfile").read_text() for kind in ("agent", "service")}
BASE_STAGE = "\nFROM ${BASE}\n"


@pytest.fixture
def build() -> ModuleType:
    """Give deploy/images/build as a module."""
    loader = SourceFileLoader("build_images", str(IMAGES / "build"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_the_base_is_chosen_by_whoever_builds(recipe: str) -> None:
    assert "\nARG BASE=python:3.12-slim-bookworm\n" in recipe
    assert re.findall(r"^FROM (\S+)", recipe, re.MULTILINE) == ["${BASE}", "builder", "${BASE}"]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_nothing_is_installed_by_pip_that_is_not_in_the_lock(recipe: str) -> None:
    installs = re.findall(r"(?:pip install -q|\$install) [^\n]*", recipe)
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-index --no-deps" in line for line in installs)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_no_host_and_no_way_to_one_is_written_down(recipe: str) -> None:
    assert not re.search(r"https?://|index-url|trusted-host|proxy", recipe)
    assert "id=pip.conf" in recipe


def test_both_recipes_share_the_stage_that_makes_the_wheel() -> None:
    shared = [text[text.index("ARG BASE") : text.index("FROM builder")] for text in RECIPES.values()]
    assert shared[0] == shared[1]


def test_the_compilers_stay_in_the_builder() -> None:
    for recipe in RECIPES.values():
        assert not re.search("clang|gcc|-dev", recipe[recipe.index(BASE_STAGE) :])


def test_only_the_agent_carries_libbpf_and_only_the_service_a_database() -> None:
    final = {kind: recipe[recipe.index(BASE_STAGE) :] for kind, recipe in RECIPES.items()}
    assert "libbpf1 libelf1 zlib1g" in final["agent"]
    assert "apt-get" not in final["service"]
    assert "-r /tools/agent.txt" in RECIPES["agent"]
    assert (
        "!/^(chdb|chdb-core|numpy|pandas|pyarrow)==/ } keep' requirements/run.txt > /tools/agent.txt"
        in RECIPES["agent"]
    )
    assert "-r /tools/service.txt" in RECIPES["service"]


@pytest.mark.parametrize(("kind", "user"), [("agent", "0:0"), ("service", "65532:65532")])
def test_the_user_is_the_one_of_the_manifest(
    kind: str, user: str, daemon_set: dict[str, Any], stateful_set: dict[str, Any]
) -> None:
    pod = (daemon_set if kind == "agent" else stateful_set)["spec"]["template"]["spec"]
    context = pod["securityContext"] | pod["containers"][0]["securityContext"]
    assert f"\nUSER {user}\n" in RECIPES[kind]
    assert user == f"{context['runAsUser']}:{context['runAsGroup']}"


def test_the_build_takes_the_way_to_the_index_from_the_machine_and_no_folder_of_it(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "authority.crt"
    certificate.touch()
    for name, value in {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_EXTRA_INDEX_URL": "file:///somewhere",
        "PIP_FIND_LINKS": "/somewhere",
        "PIP_CERT": str(certificate),
    }.items():
        monkeypatch.setenv(name, value)
    options = build.pip_secrets(tmp_path)
    written = (tmp_path / "pip.conf").read_text()
    assert "index-url = https://mirror.example/simple\n" in written
    assert "cert = /etc/pip.cert\n" in written
    assert "somewhere" not in written
    assert options == [
        f"--secret=id=pip.cert,src={certificate}",
        f"--secret=id=pip.conf,src={tmp_path / 'pip.conf'}",
    ]
