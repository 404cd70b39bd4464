import msgspec
import pytest

from jcode_watcher.agent.pods.pod import Metadata, Pod, pod_in

METADATA = {
    "uid": "0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11",
    "name": "jcode-os-1-2020-5d4f-x7",
    "namespace": "students",
    "labels": {"app": "jcode", "group": "b", "mail": "kim@example.org"},
    "annotations": {"note": "x" * 10_000},
    "ownerReferences": [
        {"kind": "Node", "name": "n1"},
        {"kind": "ReplicaSet", "name": "jcode-os-1-2020-5d4f", "controller": True},
    ],
}


def pod(*wanted: str, **changed: object) -> Pod | None:
    return pod_in(msgspec.convert(METADATA | changed, Metadata), wanted)


def test_a_pod_has_its_name_and_the_one_owner_that_controls_it() -> None:
    assert pod() == Pod("jcode-os-1-2020-5d4f-x7", "ReplicaSet/jcode-os-1-2020-5d4f", None)


def test_of_the_labels_only_those_that_were_named_are_kept() -> None:
    found = pod("group", "absent")

    assert found is not None
    assert found.labels == {"group": "b"}


def test_a_pod_that_nobody_controls_has_no_owner() -> None:
    found = pod(ownerReferences=[{"kind": "Node", "name": "n1"}])

    assert found is not None
    assert found.owner is None


@pytest.mark.parametrize("changed", [{"name": ""}, {"name": "x" * 254}, {"uid": ""}, {"uid": "x" * 254}])
def test_what_the_api_server_would_not_name_so_is_no_pod(changed: dict[str, str]) -> None:
    assert pod(**changed) is None


def test_a_label_longer_than_any_can_be_is_left_out() -> None:
    found = pod("group", labels={"group": "x" * 64})

    assert found is not None
    assert found.labels is None
