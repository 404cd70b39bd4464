import pytest

from jcode_watcher.agent.pods import table as limits
from jcode_watcher.agent.pods.pod import Pod
from jcode_watcher.agent.pods.table import GONE_SECONDS, PodTable


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table(clock: Clock) -> PodTable:
    return PodTable(clock)


def test_a_pod_is_found_by_its_uid_and_what_is_not_known_is_counted(table: PodTable) -> None:
    table.put("u", Pod("p"))

    assert table.find("u") == Pod("p")
    assert table.find("other") is None
    assert table.missed == 1


def test_a_deleted_pod_is_found_for_a_while(table: PodTable, clock: Clock) -> None:
    table.put("u", Pod("p"))
    table.delete("u")
    clock.now = GONE_SECONDS - 1
    table.forget()
    assert table.find("u") == Pod("p")

    clock.now = GONE_SECONDS
    table.forget()
    assert (table.find("u"), len(table)) == (None, 0)


def test_a_pod_told_to_be_deleted_twice_is_not_remembered_longer(table: PodTable, clock: Clock) -> None:
    table.put("u", Pod("p"))
    table.delete("u")
    clock.now = GONE_SECONDS - 1
    table.delete("u")
    clock.now = GONE_SECONDS
    table.forget()

    assert len(table) == 0


def test_what_a_list_does_not_hold_is_gone(table: PodTable, clock: Clock) -> None:
    for uid in ("a", "b"):
        table.put(uid, Pod(uid))
    table.keep_only({"b"})
    clock.now = GONE_SECONDS
    table.forget()

    assert table.find("a") is None
    assert table.find("b") == Pod("b")


def test_a_pod_that_is_told_of_again_is_not_gone(table: PodTable, clock: Clock) -> None:
    table.put("u", Pod("p"))
    table.delete("u")
    table.put("u", Pod("p"))
    clock.now = GONE_SECONDS
    table.forget()

    assert table.find("u") == Pod("p")


def test_a_full_table_lets_go_of_the_longest_deleted_and_then_refuses(
    table: PodTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PODS_MAX", 2)
    for uid in ("a", "b"):
        table.put(uid, Pod(uid))
    table.delete("b")
    table.put("c", Pod("c"))
    table.put("d", Pod("d"))
    table.put("a", Pod("a2"))

    assert [table.find(uid) for uid in ("a", "b", "c", "d")] == [Pod("a2"), None, Pod("c"), None]
    assert (len(table), table.refused) == (2, 1)
