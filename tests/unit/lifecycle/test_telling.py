import json
from collections.abc import Callable
from signal import SIGKILL, SIGSEGV

import pytest

from jcode_watcher.lifecycle.encoding import EventEncoder, as_json
from jcode_watcher.procmon.facts import Executed, Exited, Lost, OomKilled
from jcode_watcher.serving import Missed

FIRST_KEYS = ["timestamp", "pid", "ppid", "comm", "type", "exit_code", "target_pid"]
FIVE_SECONDS_NS = 5_000_000_000


@pytest.fixture
def encoder() -> EventEncoder:
    return EventEncoder(lambda: FIVE_SECONDS_NS)


def test_an_exec_is_this_line(encoder: EventEncoder, executed: Callable[..., Executed]) -> None:
    assert encoder.encode([executed()]) == [
        (
            b'{"timestamp":100000000000,"pid":4711,"ppid":4000,"comm":"ls","type":"EXEC","exit_code":0,'
            b'"target_pid":0,"argv":["ls","-l"],"argv_truncated":false,"exe":"/usr/bin/ls",'
            b'"cwd":"/home/student","uid":1000,"hostname":"jcode-os-1-202012101","duration_ns":0,'
            b'"signal":null,"core_dumped":false,"oom_killed":false,"cgroup_id":"9007199254740993"}'
        )
    ]


def test_an_exit_is_this_line(encoder: EventEncoder, exited: Callable[..., Exited]) -> None:
    ended = exited(exit_code=None, signal=SIGSEGV, core_dumped=True)
    assert encoder.encode([ended]) == [
        (
            b'{"timestamp":101000000000,"pid":4711,"ppid":4000,"comm":"ls","type":"EXIT","exit_code":139,'
            b'"target_pid":0,"argv":["ls","-l"],"argv_truncated":false,"exe":"/usr/bin/ls",'
            b'"cwd":"/home/student","uid":1000,"hostname":"jcode-os-1-202012101","duration_ns":1000000000,'
            b'"signal":"SIGSEGV","core_dumped":true,"oom_killed":false,"cgroup_id":"9007199254740993"}'
        )
    ]


def test_an_oom_kill_is_this_line(encoder: EventEncoder, oom_killed: Callable[..., OomKilled]) -> None:
    assert encoder.encode([oom_killed()]) == [
        (
            b'{"timestamp":101000000000,"pid":4711,"ppid":4000,"comm":"hog","type":"OOM","exit_code":0,'
            b'"target_pid":4711,"argv":["./hog"],"argv_truncated":false,"exe":"/tmp/hog",'
            b'"cwd":"/home/student","uid":1000,"hostname":"jcode-os-1-202012101","duration_ns":0,'
            b'"signal":null,"core_dumped":false,"oom_killed":false,"cgroup_id":"78",'
            b'"total_vm_bytes":268435456,"anon_rss_bytes":134217728,"file_rss_bytes":4096,'
            b'"oom_score_adj":-5,"memory_cgroup_id":"77"}'
        )
    ]


def test_a_loss_and_a_hole_are_these_lines(encoder: EventEncoder) -> None:
    lost = Lost(stage="kernel", reason="ring_full", count=12, since_ns=1, until_ns=2)
    assert encoder.encode([lost]) == [b'{"type":"LOST","stage":"kernel","reason":"ring_full","count":12}']
    assert as_json([Missed(3), b"{}"]) == [b'{"type":"MISSED","count":3}', b"{}"]


def test_every_event_begins_with_the_keys_of_the_older_monitor(
    encoder: EventEncoder,
    executed: Callable[..., Executed],
    exited: Callable[..., Exited],
    oom_killed: Callable[..., OomKilled],
) -> None:
    for line in encoder.encode([executed(), exited(), oom_killed()]):
        assert list(json.loads(line))[: len(FIRST_KEYS)] == FIRST_KEYS


def test_what_ran_before_is_not_told(encoder: EventEncoder, executed: Callable[..., Executed]) -> None:
    assert encoder.encode([executed(found_running=True)]) == []
    assert not encoder.told


def test_the_exit_of_an_unseen_program_counts_from_its_start(
    encoder: EventEncoder, exited: Callable[..., Exited]
) -> None:
    told = json.loads(encoder.encode([exited(program=None, exec_boot_ns=0)])[0])
    assert told["duration_ns"] == 2_000_000_000
    assert (told["argv"], told["exe"], told["cwd"]) == ([], "", "")


def test_an_oom_killed_process_exits_with_137(encoder: EventEncoder, exited: Callable[..., Exited]) -> None:
    told = json.loads(encoder.encode([exited(exit_code=None, signal=SIGKILL, oom_killed=True)])[0])
    assert (told["exit_code"], told["signal"], told["oom_killed"]) == (137, "SIGKILL", True)


def test_any_bytes_are_told_as_valid_json_on_one_line(
    encoder: EventEncoder, executed: Callable[..., Executed]
) -> None:
    hostile = executed(comm=b"\xff\n", argv=(b'a"b\\', b"\x1b[2J\r\n", "한글".encode(), bytes(range(1, 256))))
    line = encoder.encode([hostile])[0]
    assert not any(byte < 0x20 for byte in line)
    told = json.loads(line)
    assert told["comm"] == "\\xFF\n"
    assert told["argv"][:3] == ['a"b\\\\', "\x1b[2J\r\n", "한글"]


def test_events_are_counted_by_type(
    encoder: EventEncoder, executed: Callable[..., Executed], exited: Callable[..., Exited]
) -> None:
    encoder.encode([executed(), executed(), exited()])
    encoder.encode([exited()])
    assert encoder.told == {"EXEC": 2, "EXIT": 2}
