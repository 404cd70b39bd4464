"""Monitors that succeed each other: each event is told once, and each container stays itself."""

import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.intake.news import ProcessNews
from jcode_watcher.agent.spool import Rings
from jcode_watcher.agent.spool.database import connect, transaction
from jcode_watcher.procmon import Executed, Exited, Fact, Pinning, ProcessMonitor

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Poll

pytestmark = pytest.mark.kernel

MONITORS = 4
CHAINS = 2
AGAIN = """
while [ $1 -lt 1000000 ]; do
    [ -e "$2" ] && break
    exec sh -c "$0" "$0" $(($1 + 1)) "$2"
done
"""
"""A shell that executes itself again and again, with a number that grows, until a file is there."""


class Station:
    """One monitor after the other in the same place; each keeps at once what it is told."""

    def __init__(self, folder: Path, pins: Path, hostname: str) -> None:
        self.facts: list[Fact] = []
        self.untold: list[str | None] = []
        self._pins = pins
        self._hostname = hostname
        self._database = connect(folder, 1 << 24)
        # Nobody pulls the plug here.
        self._database.execute("PRAGMA synchronous=OFF")
        self._keeping = threading.Lock()

    @contextmanager
    def monitor(self, argv_bytes_max: int) -> Iterator[ProcessMonitor]:
        rings = Rings(self._database)
        monitor = ProcessMonitor(
            lambda facts: self._keep(monitor, rings, facts),
            hostname_prefixes=[self._hostname],
            container_execs_per_second=0,
            argv_bytes_max=argv_bytes_max,
            pinning=Pinning(self._pins, rings),
        )
        self._database.execute("INSERT OR IGNORE INTO starts VALUES ('a', 0, 0, 0)")
        monitor.start()
        self._keep(monitor, rings, ())
        self.untold.append(monitor.untold)
        try:
            yield monitor
        finally:
            monitor.stop()

    def _keep(self, monitor: ProcessMonitor, rings: Rings, facts: Sequence[Fact]) -> None:
        self.facts.extend(facts)
        with self._keeping:
            with transaction(self._database):
                rings.keep(ProcessNews(fact).reading for fact in facts)
            rings.kept()
        monitor.release(rings.position)

    def executed(self) -> list[Executed]:
        return [fact for fact in self.facts if isinstance(fact, Executed) and not fact.found_running]

    def exited(self) -> list[Exited]:
        return [fact for fact in self.facts if isinstance(fact, Exited)]

    def close(self) -> None:
        self._database.close()


@pytest.fixture
def station(tmp_path: Path, hostname: str, programs: str) -> Iterator[Station]:
    del programs
    bpffs = tmp_path / "bpffs"
    bpffs.mkdir()
    if subprocess.run(["mount", "-t", "bpf", "bpf", str(bpffs)], capture_output=True, check=False).returncode:
        pytest.skip("a bpffs cannot be mounted")
    with ExitStack() as stack:
        stack.callback(subprocess.run, ["umount", "-l", str(bpffs)], check=True)
        made = Station(tmp_path, bpffs / "pins", hostname)
        stack.callback(made.close)
        yield made


def numbers(facts: Sequence[Executed]) -> dict[int, Counter[int]]:
    """Give, for each process that executes itself again and again, how often each number is told."""
    told: dict[int, Counter[int]] = {}
    for fact in facts:
        if len(fact.argv) == 6 and fact.argv[0] == b"sh":
            told.setdefault(fact.pid, Counter())[int(fact.argv[4])] += 1
    return told


def test_processes_that_execute_again_and_again_are_told_each_time_once(
    station: Station, hostname: str, tmp_path: Path, poll: "Poll"
) -> None:
    enough = tmp_path / "enough"
    named = f'hostname {hostname} && exec sh -c "$0" "$0" 0 {enough}'
    with station.monitor(4096):
        chains = [subprocess.Popen(["unshare", "--uts", "sh", "-c", named, AGAIN]) for _ in range(CHAINS)]
        poll(lambda: len(numbers(station.executed())) == CHAINS)
    for number in range(MONITORS):
        before = len(station.facts)
        with station.monitor(4097 + number % 2):
            poll(lambda: len(station.facts) > before + 10 * CHAINS)  # noqa: B023 - called in this round
    with station.monitor(4096):
        enough.touch()
        for chain in chains:
            chain.wait()
        wanted = {chain.pid for chain in chains}
        poll(lambda: wanted <= {fact.pid for fact in station.exited()})

    told = numbers(station.executed())
    assert {chain.pid for chain in chains} == told.keys()
    for counted in told.values():
        assert counted == Counter(range(max(counted) + 1))
    assert station.untold[1:] == [None] * (MONITORS + 1)


def test_a_container_that_calls_itself_otherwise_stays_itself_under_the_next_monitor(
    station: Station, make_container: "MakeContainer", poll: "Poll"
) -> None:
    container = make_container()
    renamed = "hostname elsewhere && read line && env true; read line"
    with station.monitor(4096):
        inside = container.popen("sh", "-c", renamed)
        poll(lambda: any(fact.argv[:1] == (b"hostname",) for fact in station.executed()))
        poll(lambda: any(fact.comm == b"hostname" for fact in station.exited()))
    before = len(station.facts)
    assert inside.stdin
    inside.stdin.write(b"\n")
    inside.stdin.flush()
    with station.monitor(4097):
        poll(lambda: any(b"true" in fact.argv for fact in station.executed()))
        inside.stdin.write(b"\n")
        inside.stdin.close()
        inside.wait()
        poll(lambda: any(fact.pid == inside.pid for fact in station.exited()))

    after = [fact for fact in station.facts[before:] if isinstance(fact, Executed | Exited)]
    assert {fact.pinned_hostname for fact in after} == {container.hostname.encode()}
    assert [fact.program is not None for fact in station.exited() if fact.pid == inside.pid] == [True]


def test_a_monitor_that_stops_before_all_is_told_leaves_the_rest_to_the_next(
    station: Station, hostname: str, programs: str, poll: "Poll"
) -> None:
    command = [programs, "in", hostname, programs, "all", "400", "exit", "0"]
    with station.monitor(4096):
        poll(lambda: True)
    subprocess.run(command, check=True, capture_output=True)
    with station.monitor(4097):
        pass
    with station.monitor(4098):
        poll(lambda: len(station.exited()) > 400)
    assert Counter((fact.pid, fact.start_boot_ns) for fact in station.exited()).most_common(1)[0][1] == 1
    assert len(station.exited()) == 401
    assert station.untold[1:] == [None, None]
