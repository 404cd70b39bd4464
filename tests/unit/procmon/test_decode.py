import contextlib
import resource
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.procmon.decode import KernelFact, argv_of, cpu_time_of, decode, exit_of, split
from jcode_watcher.procmon.errors import BadRecord
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled
from jcode_watcher.procmon.record import HEAD, Flag

if TYPE_CHECKING:
    from tests.unit.procmon.conftest import Records

Decode = Callable[[bytes], KernelFact]
PAGE = resource.getpagesize()


def test_an_exec_is_told_in_full(records: "Records", fact: Decode) -> None:
    assert fact(records.executed()) == Executed(
        time_ns=1_005_000,
        boot_ns=5_000,
        pid=1234,
        started_ns=1_004_000,
        start_boot_ns=4_000,
        ppid=1000,
        namespace_pid=7,
        uid=1001,
        gid=1002,
        comm=b"gcc",
        exe=b"/usr/bin/gcc",
        filename=b"/usr/bin/gcc",
        argv=(b"gcc", b"a.c"),
        argv_truncated=False,
        argv_bytes=8,
        cwd=b"/hw1",
        hostname=b"jcode-os-1-1",
        cgroup_id=77,
        memory_cgroup_id=78,
    )


def test_an_exit_is_told_in_full(records: "Records", fact: Decode) -> None:
    record = records.exited(
        wait_status=3 << 8, user_ns=10, system_ns=30, runtime_ns=400, peak_rss_pages=9, flags=Flag.OOM_KILLED
    )
    assert fact(record) == Exited(
        time_ns=1_005_000,
        boot_ns=5_000,
        pid=1234,
        started_ns=1_004_000,
        start_boot_ns=4_000,
        ppid=1000,
        namespace_pid=7,
        uid=1001,
        gid=1002,
        comm=b"gcc",
        hostname=b"jcode-os-1-1",
        cgroup_id=77,
        memory_cgroup_id=78,
        exec_boot_ns=5_000,
        exit_code=3,
        signal=None,
        core_dumped=False,
        oom_killed=True,
        user_ns=100,
        system_ns=300,
        peak_rss_bytes=9 * PAGE,
    )


def test_a_victim_is_told_in_full(records: "Records", fact: Decode) -> None:
    assert fact(records.oom_killed()) == OomKilled(
        time_ns=1_005_000,
        boot_ns=5_000,
        pid=1234,
        started_ns=1_004_000,
        start_boot_ns=4_000,
        ppid=1000,
        uid=1001,
        comm=b"gcc",
        hostname=b"jcode-os-1-1",
        cgroup_id=77,
        memory_cgroup_id=78,
        total_vm_bytes=100 * PAGE,
        anon_rss_bytes=50 * PAGE,
        file_rss_bytes=2 * PAGE,
        oom_score_adj=-5,
    )


def test_a_victim_of_whom_only_the_pid_is_known_has_no_start(records: "Records", fact: Decode) -> None:
    victim = fact(records.oom_killed(flags=Flag.PID_ONLY, start_boot_ns=0))
    assert (victim.pid, victim.start_boot_ns, victim.started_ns) == (1234, 0, 0)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, (0, None, False)),
        (1 << 8, (1, None, False)),
        (255 << 8, (255, None, False)),
        (11, (None, 11, False)),
        (11 | 0x80, (None, 11, True)),
        (9, (None, 9, False)),
    ],
)
def test_a_wait_status_is_an_exit_code_or_a_signal(
    status: int, expected: tuple[int | None, int | None, bool]
) -> None:
    assert exit_of(status) == expected


@pytest.mark.parametrize(
    ("area", "argv"),
    [
        (b"", ()),
        (b"\0", (b"",)),
        (b"a\0", (b"a",)),
        (b"a\0\0\0", (b"a", b"", b"")),
        (b"\xff\0two\nlines\0", (b"\xff", b"two\nlines")),
        (b"a\0cu", (b"a", b"cu")),
    ],
)
def test_arguments_are_what_stands_between_nuls(area: bytes, argv: tuple[bytes, ...]) -> None:
    assert argv_of(area) == argv


@given(st.lists(st.binary().map(lambda raw: raw.replace(b"\0", b"")), min_size=1))
def test_any_arguments_come_back_equal(argv: list[bytes]) -> None:
    assert argv_of(b"".join(argument + b"\0" for argument in argv)) == tuple(argv)


@pytest.mark.parametrize(
    ("names", "flags", "path"),
    [
        (b"", 0, b"/"),
        (b"a\0", 0, b"/a"),
        (b"c\0b\0a\0", 0, b"/a/b/c"),
        (b"a\0", Flag.CWD_UNREACHABLE, b"(unreachable)/a"),
        (b"b\0a\0", Flag.CWD_CUT, b".../a/b"),
        (b"a\0", Flag.EXE_CUT, b"/a"),
    ],
)
def test_a_path_is_read_from_the_root(
    records: "Records", fact: Decode, names: bytes, flags: int, path: bytes
) -> None:
    seen = fact(records.executed(cwd=names, flags=flags))
    assert isinstance(seen, Executed)
    assert seen.cwd == path


def test_cut_arguments_are_said_to_be_cut(records: "Records", fact: Decode) -> None:
    seen = fact(records.executed(argv=b"gcc\0a", argv_total_bytes=9_000))
    assert isinstance(seen, Executed)
    assert (seen.argv, seen.argv_truncated, seen.argv_bytes) == ((b"gcc", b"a"), True, 9_000)


@pytest.mark.parametrize(
    ("sampled", "measured", "expected"),
    [((0, 0), 7, (7, 0)), ((5, 0), 7, (7, 0)), ((0, 5), 7, (0, 7)), ((1, 3), 400, (100, 300))],
)
def test_measured_time_is_divided_as_sampled(
    sampled: tuple[int, int], measured: int, expected: tuple[int, int]
) -> None:
    assert cpu_time_of(*sampled, measured) == expected


@given(st.integers(0, 2**63), st.integers(0, 2**63), st.integers(0, 2**63))
def test_no_time_is_made_or_lost_in_dividing(user: int, system: int, measured: int) -> None:
    assert sum(cpu_time_of(user, system, measured)) == measured


def test_a_hostname_may_fill_its_field(records: "Records", fact: Decode) -> None:
    assert fact(records.executed(hostname=b"h" * 64)).hostname == b"h" * 64


def test_every_truncated_record_is_refused(records: "Records") -> None:
    for whole in (records.executed(), records.exited(), records.oom_killed()):
        for length in range(len(whole)):
            with pytest.raises(BadRecord):
                decode(whole[:length], 0)
            # Also where the record's own length agrees.
            said = length.to_bytes(4, "little") + whole[4:length]
            if length >= 4:
                with pytest.raises(BadRecord):
                    decode(said, 0)


@given(st.binary(max_size=600))
def test_garbage_is_refused_or_read_but_never_breaks_the_decoder(garbage: bytes) -> None:
    said = (len(garbage).to_bytes(4, "little") + garbage[4:])[: len(garbage)]
    for record in (garbage, said):
        with contextlib.suppress(BadRecord):
            decode(record, 0)


@given(st.integers(1, 3), st.binary(min_size=HEAD.size, max_size=500))
def test_garbage_of_a_known_kind_is_refused_or_read(kind: int, garbage: bytes) -> None:
    record = len(garbage).to_bytes(4, "little") + kind.to_bytes(2, "little") + garbage[6:]
    with contextlib.suppress(BadRecord):
        decode(record, 0)


def test_an_unknown_kind_is_refused_by_name(records: "Records") -> None:
    with pytest.raises(BadRecord, match="kind 9"):
        decode(records.exited(kind=9), 0)


def test_a_drain_is_split_into_its_records(records: "Records") -> None:
    sent = [records.exited(), records.executed(argv=b"odd length"), records.oom_killed()]
    assert list(split(records.drained(*sent))) == sent
    assert list(split(b"")) == []
