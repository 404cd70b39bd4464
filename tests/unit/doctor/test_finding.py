"""One line a finding."""

from jcode_watcher.doctor.finding import fail, lines_of, ok, warn


def test_lines_stand_in_columns() -> None:
    assert lines_of([ok("BTF", "is there"), warn("bpffs", "not mounted"), fail("kernel", "too old")]) == [
        "ok    BTF     is there",
        "warn  bpffs   not mounted",
        "fail  kernel  too old",
    ]
