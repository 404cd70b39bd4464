"""Whatever a program is given comes byte for byte, or it is said that it was cut, and how long it was."""

import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Watch

pytestmark = pytest.mark.kernel

SEED = 20_240_229
PROGRAMS = 10_000
BYTES_MAX = 100_000
"""Of one argument; Linux allows 131,072."""
RING_BYTES = 1 << 26
WORDS = (
    b"",
    b"-o",
    b"two\nlines",
    b"\n",
    b" ",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    "한글 이름.c".encode(),
    b"\\x00",
    b"'\"$`",
    b"\x1b[31m",
    b"\r\t\x7f",
)


def generated(seed: int, count: int) -> Iterator[list[bytes]]:
    """Give lists of arguments: many short ones, some of lengths around the limits, some very long."""
    chosen = random.Random(seed)
    for _ in range(count):
        kind = chosen.random()
        if kind < 0.8:
            arguments = [one_of(chosen) for _ in range(chosen.randrange(20))]
        elif kind < 0.9:
            arguments = [b"", noise(chosen, chosen.choice((4_096, 16_384)) - 2 + chosen.randrange(-3, 4))]
        elif kind < 0.97:
            arguments = [noise(chosen, chosen.randrange(64)) for _ in range(chosen.randrange(800))]
        else:
            arguments = [noise(chosen, chosen.randrange(BYTES_MAX)) for _ in range(chosen.randrange(1, 3))]
        yield arguments


def one_of(chosen: random.Random) -> bytes:
    return chosen.choice(WORDS) if chosen.random() < 0.5 else noise(chosen, chosen.randrange(40))


def noise(chosen: random.Random, length: int) -> bytes:
    return chosen.randbytes(length).replace(b"\0", b"\n")


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def write(path: Path, lists: Sequence[Sequence[bytes]]) -> None:
    with path.open("wb") as file:
        for arguments in lists:
            file.write(number(len(arguments)))
            file.writelines(number(len(argument)) + argument for argument in arguments)


def read(shown: bytes) -> Iterator[tuple[int, bytes]]:
    """Give of each program its pid and what it read in /proc/self/cmdline."""
    at = 0
    while at < len(shown):
        pid, length = (int.from_bytes(shown[at + part : at + part + 4], "little") for part in (0, 4))
        yield pid, shown[at + 8 : at + 8 + length]
        at += 8 + length


@pytest.mark.parametrize("limit", [4_096, 16_384])
def test_ten_thousand_generated_lists_of_arguments_come_whole_or_are_said_to_be_cut(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path, limit: int
) -> None:
    given = list(generated(int(os.environ.get("JCODE_WATCHER_SEED", SEED)), PROGRAMS))
    write(tmp_path / "given", given)
    command = [programs, "in", hostname, programs, "each", str(tmp_path / "given")]
    with watch(argv_bytes_max=limit, ring_bytes=RING_BYTES, container_execs_per_second=0) as recorder:
        with (tmp_path / "shown").open("wb") as shown:
            subprocess.run(command, check=True, stdout=shown)
        recorder.catch_up()
        counters = recorder.monitor.counters()
    areas = dict(read((tmp_path / "shown").read_bytes()))
    assert len(areas) == PROGRAMS, "a pid was used twice: the test cannot tell its programs apart"
    told = {fact.pid: fact for fact in recorder.executed if fact.pid in areas}
    assert counters.dropped == counters.argv_unreadable == counters.refused == counters.missed == 0
    cut = 0
    for (pid, area), arguments in zip(areas.items(), given, strict=True):
        fact = told[pid]
        # Of no arguments at all Linux makes an empty one.
        assert area == b"".join(argument + b"\0" for argument in arguments or [b""])
        assert fact.argv_bytes == len(area)
        assert fact.argv_truncated == (len(area) > limit)
        if fact.argv_truncated:
            cut += 1
            assert b"\0".join(fact.argv) == area[:limit].removesuffix(b"\0")
        else:
            assert fact.argv == tuple(arguments or [b""])
    assert PROGRAMS // 100 < cut < PROGRAMS // 2
