"""Every object is one that Kubernetes 1.32 knows, with no field that it does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

Document = dict[str, Any]
KUBERNETES = "1.32"


def test_every_object_is_valid_for_the_api_server(documents: list[Document]) -> None:
    for document in documents:
        assert kubernetes_validate.validate(document, KUBERNETES, strict=True) == KUBERNETES


def test_a_misspelt_field_is_found(daemon_set: Document) -> None:
    daemon_set["spec"]["template"]["spec"]["hostPid"] = True
    with pytest.raises(kubernetes_validate.ValidationError, match="hostPid"):
        kubernetes_validate.validate(daemon_set, KUBERNETES, strict=True)


def test_kustomize_applies_every_manifest_the_namespace_first(manifest_files: list[Path]) -> None:
    kustomization = yaml.safe_load((manifest_files[0].parent / "kustomization.yaml").read_text())
    assert sorted(kustomization["resources"]) == [path.name for path in manifest_files]
    assert kustomization["resources"][0] == "namespace.yaml"


def test_the_namespace_admits_the_agent(find: Callable[[str, str], Document]) -> None:
    labels = find("Namespace", "jcode-watcher")["metadata"]["labels"]
    assert {labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "audit", "warn")} == {
        "privileged"
    }


def test_every_namespaced_object_says_where_it_lives(documents: list[Document]) -> None:
    cluster_wide = {"Namespace", "ClusterRole", "ClusterRoleBinding"}
    for document in documents:
        expected = None if document["kind"] in cluster_wide else "jcode-watcher"
        assert document["metadata"].get("namespace") == expected, document["metadata"]["name"]
