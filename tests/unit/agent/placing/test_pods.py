from jcode_watcher.agent.placing.pods import with_pod
from jcode_watcher.agent.pods.pod import Pod, no_pod
from jcode_watcher.events import Subject

UID = "0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11"
CLAIMED = Subject(student="2020", pod_uid=UID, pod_name="claimed", identity="pinned")


def test_the_apis_name_outweighs_the_host_names() -> None:
    pods = {UID: Pod("p", "ReplicaSet/r", {"group": "b"})}

    named = with_pod(CLAIMED, pods.get)

    assert named == Subject(
        student="2020",
        pod_uid=UID,
        pod_name="p",
        pod_owner="ReplicaSet/r",
        pod_labels={"group": "b"},
        identity="pinned",
    )


def test_where_the_api_says_nothing_the_subject_stands_as_it_is() -> None:
    assert with_pod(CLAIMED, no_pod) is CLAIMED


def test_who_is_in_no_pod_is_not_asked_for() -> None:
    asked: list[str] = []

    def find(uid: str) -> None:
        asked.append(uid)

    assert with_pod(Subject(), find) == Subject()
    assert with_pod(None, find) is None
    assert asked == []
