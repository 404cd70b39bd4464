"""Container and pod from the cgroup's path, in every form in which runtimes write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.placing.containers import Container, container_of

CID = "0123456789abcdef" * 4
UID = "0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11"
SLICE_UID = UID.replace("-", "_")
STATIC = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("path", "pod"),
    [
        (f"/kubepods/burstable/pod{UID}/{CID}", UID),
        (f"/kubepods/besteffort/pod{UID}/{CID}", UID),
        (f"/kubepods/pod{UID}/{CID}", UID),
        (f"/kubepods/pod{STATIC}/{CID}", STATIC),
        (f"/../../kubepods/burstable/pod{UID}/{CID}", UID),
        (
            f"/kubepods.slice/kubepods-burstable-pod{SLICE_UID}.slice/cri-containerd-{CID}.scope",
            UID,
        ),
        (f"/kubepods.slice/kubepods-pod{SLICE_UID}.slice/crio-{CID}.scope", UID),
        (f"/kubelet/kubepods/burstable/pod{UID}/{CID}/init", UID),
        (f"/system.slice/docker-{CID}.scope", None),
        (f"/docker/{CID}", None),
        (f"/machine.slice/libpod-{CID}.scope", None),
        (f"/libpod_parent/libpod-{CID}", None),
        (f"/kubepods/burstable/pod{UID}/libpod-{CID}", UID),
    ],
)
def test_every_form_tells_the_container_and_its_pod(path: str, pod: str | None) -> None:
    assert container_of(path.encode()) == Container(CID, pod)


@pytest.mark.parametrize("path", [b"", b"/", b"/user.slice/user-0.slice", b"/kubepods/pod", b"/docker/abc"])
def test_what_is_no_container_is_unknown(path: bytes) -> None:
    assert container_of(path) == Container(None, None)


def test_a_cgroup_that_a_student_made_below_does_not_hide_the_container() -> None:
    assert container_of(f"/kubepods/pod{UID}/{CID}/mine".encode()).pod_uid == UID


@given(st.binary(max_size=200))
def test_no_path_whatever_raises(path: bytes) -> None:
    container_of(path)
