from collections.abc import Iterator

from jcode_watcher.procmon.cgroups import Container
from jcode_watcher.procmon.facts import Lost
from jcode_watcher.procmon.losses import Suppressions
from jcode_watcher.procmon.record import Bucket, CgroupKey

NOISY, CALM = CgroupKey(1, 0), CgroupKey(2, 0)


class Buckets(dict[CgroupKey, Bucket]):
    """The kernel's table of allowances in memory, which counts how often it was gone through."""

    walks = 0

    def __iter__(self) -> Iterator[CgroupKey]:
        self.walks += 1
        return super().__iter__()

    def remove(self, key: CgroupKey) -> None:
        self.pop(key, None)


def container_of(key: CgroupKey) -> Container:
    return Container(b"/%d" % key.id, b"host-%d" % key.id)


def test_what_a_container_was_refused_is_told_once_with_whose_it_was() -> None:
    buckets = Buckets({NOISY: Bucket(0, 5), CALM: Bucket(0, 0)})
    suppressions = Suppressions(buckets, container_of)
    assert list(suppressions.since_last(5, 100, 200)) == [
        Lost(
            stage="kernel",
            reason="rate_limited",
            count=5,
            since_ns=100,
            until_ns=200,
            hostname=b"host-1",
            cgroup_path=b"/1",
            counter="rate_limited 1 0",
            total=5,
        )
    ]
    assert list(suppressions.since_last(5, 200, 300)) == []
    buckets[NOISY] = Bucket(0, 7)
    assert [lost.count for lost in suppressions.since_last(7, 300, 400)] == [2]


def test_the_table_is_gone_through_only_where_something_was_suppressed() -> None:
    buckets = Buckets({NOISY: Bucket(0, 0)})
    suppressions = Suppressions(buckets, container_of)
    assert list(suppressions.since_last(0, 100, 200)) == []
    assert buckets.walks == 0


def test_a_container_that_comes_again_begins_anew() -> None:
    buckets = Buckets({NOISY: Bucket(0, 5)})
    suppressions = Suppressions(buckets, container_of)
    assert sum(lost.count for lost in suppressions.since_last(5, 100, 200)) == 5
    suppressions.forget(NOISY)
    assert not buckets
    buckets[NOISY] = Bucket(0, 3)
    assert sum(lost.count for lost in suppressions.since_last(8, 200, 300)) == 3


def test_what_an_earlier_process_told_of_a_container_is_not_told_again() -> None:
    buckets = Buckets({NOISY: Bucket(0, 5), CALM: Bucket(0, 2)})
    # Of a third container, which is gone, four were told.
    suppressions = Suppressions(buckets, container_of, {"rate_limited 1 0": 3, "rate_limited 2 0": 2})
    (lost,) = suppressions.since_last(11, 100, 200)
    assert (lost.hostname, lost.count, lost.total) == (b"host-1", 2, 5)
    assert list(suppressions.since_last(11, 200, 300)) == []
    assert buckets.walks == 1
    suppressions.forget(NOISY)
    buckets[NOISY] = Bucket(0, 1)
    assert [lost.count for lost in suppressions.since_last(12, 300, 400)] == [1]
