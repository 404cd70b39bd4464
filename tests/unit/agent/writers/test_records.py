from jcode_watcher.agent.writers.records import SAMPLE_NS, SAMPLES_MAX, Records


class Counted:
    """A clock and a count, both moved by hand."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.lost: int | None = 0
        self.records = Records(lambda: self.lost, lambda: self.now_ns)

    def pass_time(self, samples: int) -> None:
        for _ in range(samples):
            self.now_ns += SAMPLE_NS
            self.records.note()


def test_records_are_whole_since_the_last_count_that_was_the_same() -> None:
    counted = Counted()
    counted.records.note()
    counted.pass_time(2)
    counted.lost = 1
    counted.pass_time(2)

    assert not counted.records.are_whole_since(2 * SAMPLE_NS)
    assert counted.records.are_whole_since(3 * SAMPLE_NS)


def test_before_watching_began_nothing_was_heard_of() -> None:
    counted = Counted()
    counted.pass_time(1)

    assert counted.records.are_whole_since(0)


def test_what_is_too_long_ago_is_not_known() -> None:
    counted = Counted()
    counted.pass_time(SAMPLES_MAX + 1)

    assert not counted.records.are_whole_since(SAMPLE_NS)
    assert counted.records.are_whole_since(2 * SAMPLE_NS)


def test_it_is_counted_no_more_often_than_needed() -> None:
    counted = Counted()
    counted.pass_time(1)
    counted.lost = 1
    counted.now_ns += SAMPLE_NS - 1
    counted.records.note()
    counted.lost = 0

    assert counted.records.are_whole_since(counted.now_ns)


def test_without_records_nothing_is_whole() -> None:
    counted = Counted()
    counted.lost = None
    counted.pass_time(1)

    assert not counted.records.are_whole_since(counted.now_ns)
