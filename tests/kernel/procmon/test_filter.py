"""Only hostnames that begin with a wanted prefix come, compared in the kernel byte for byte."""

import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Fact, ProcessMonitor

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Watch

pytestmark = pytest.mark.kernel


def hostnames_seen(programs: str, prefixes: Sequence[str], hostnames: Sequence[str]) -> set[str]:
    """Give the hostnames of which anything came, while a program ran under each."""
    facts: list[Fact] = []
    monitor = ProcessMonitor(facts.extend, hostname_prefixes=prefixes)
    monitor.start()
    try:
        for hostname in hostnames:
            subprocess.run([programs, "in", hostname, programs, "exit", "0"], check=True)
    finally:
        monitor.stop()
    counters = monitor.counters()
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped
    return {fact.hostname.decode() for fact in facts if isinstance(fact, Executed)} & set(hostnames)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 63, 64])
def test_every_byte_of_a_prefix_counts(programs: str, hostname: str, length: int) -> None:
    whole = (hostname * 5)[:64]
    prefix = whole[:length]
    other = prefix[:-1] + "~"
    assert hostnames_seen(programs, [prefix], [whole, other + "x" * (64 - length)]) == {whole}


def test_a_hostname_shorter_than_the_prefix_is_not_wanted(programs: str, hostname: str) -> None:
    assert hostnames_seen(programs, [hostname], [hostname[:-1], hostname]) == {hostname}


def test_each_of_sixteen_prefixes_is_wanted(programs: str, hostname: str) -> None:
    wanted = [f"{hostname}-{number:02}" for number in range(16)]
    assert hostnames_seen(programs, wanted, [*wanted, f"{hostname}-16"]) == set(wanted)


def test_without_a_prefix_every_hostname_comes(programs: str, hostname: str) -> None:
    hostnames = [hostname, f"other-{hostname}"]
    assert hostnames_seen(programs, [], hostnames) == set(hostnames)


def test_a_process_of_another_hostname_costs_no_record(programs: str, hostname: str, watch: "Watch") -> None:
    with watch() as recorder:
        subprocess.run([programs, "in", f"x{hostname}", programs, "exit", "0"], check=True)
        recorder.catch_up()
    counters = recorder.monitor.counters()
    assert counters.filtered >= 3
    assert counters.submitted == 0
    assert recorder.facts == []
