"""The manifests as a cluster's API server would read them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Document = dict[str, Any]
MANIFESTS = Path(__file__).parents[3] / "deploy/manifests"


@pytest.fixture(scope="session")
def manifest_files() -> list[Path]:
    """Give every manifest; kustomization.yaml is read by kustomize only."""
    return sorted(path for path in MANIFESTS.glob("*.yaml") if path.name != "kustomization.yaml")


@pytest.fixture
def documents(manifest_files: list[Path]) -> list[Document]:
    """Give every object, anew for each test, so that a test may change it."""
    return [document for path in manifest_files for document in yaml.safe_load_all(path.read_text())]


@pytest.fixture
def find(documents: list[Document]) -> Callable[[str, str], Document]:
    """Give one object by kind and name."""

    def found(kind: str, name: str) -> Document:
        (one,) = [d for d in documents if (d["kind"], d["metadata"]["name"]) == (kind, name)]
        return one

    return found


@pytest.fixture
def daemon_set(find: Callable[[str, str], Document]) -> Document:
    return find("DaemonSet", "jcode-watcher-agent")


@pytest.fixture
def stateful_set(find: Callable[[str, str], Document]) -> Document:
    return find("StatefulSet", "jcode-watcher-service")
