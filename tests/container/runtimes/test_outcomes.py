"""Of each container of a real runtime the monitor tells what the runtime itself tells."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jcode_watcher.agent.placing.containers import container_of
from jcode_watcher.procmon import Executed, Exited, Fact, OomKilled, ProcessMonitor

if TYPE_CHECKING:
    from tests.container.runtimes.conftest import Ended, Runtime

Wait = Callable[[Callable[[], Any], Callable[[], str]], Any]
pytestmark = [pytest.mark.container, pytest.mark.timeout(300)]

PODS = 20
MEMORY_BYTES = 32 << 20
OUT_OF_MEMORY = "exec tail /dev/zero"
SCRIPTS = ("exit 0", "exit 1", "exit 42", "sh -c 'kill -SEGV $$'; exit $?", OUT_OF_MEMORY)
PATIENCE_SECONDS = 30


class Watched:
    """What a monitor of one prefix delivers."""

    def __init__(self, prefix: str) -> None:
        self.facts: list[Fact] = []
        self.monitor = ProcessMonitor(self.facts.extend, hostname_prefixes=[prefix])

    def firsts(self) -> dict[str, Exited]:
        """Give the end of each container's first process."""
        ends = [fact for fact in list(self.facts) if isinstance(fact, Exited) and fact.namespace_pid == 1]
        return {container_of(end.cgroup_path).container_id or "?": end for end in ends}

    def catch_up(self) -> None:
        now_ns = time.time_ns()
        until = time.monotonic() + PATIENCE_SECONDS
        while self.monitor.delivered_until_ns < now_ns:
            assert time.monotonic() < until
            time.sleep(0.001)  # The watermark is read, not announced.


def told(container: str, end: Exited) -> "tuple[str, str | None, str, int, bool]":
    code = end.exit_code if end.exit_code is not None else 128 + (end.signal or 0)
    name = (end.pinned_hostname or end.hostname).decode()
    return (container, container_of(end.cgroup_path).pod_uid, name, code, end.oom_killed)


@pytest.fixture(params=["containerd", "podman"])
def runtime(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue({"containerd": "kubelet", "podman": "podman_pods"}[request.param])


def test_containers_of_a_real_runtime_end_as_the_runtime_says_and_none_is_of_nobody(
    runtime: "Runtime", prefix: str, wait_for: Wait
) -> None:
    watched = Watched(prefix)
    watched.monitor.start()
    try:
        started = [
            runtime.start(f"{prefix}os-1-{number}", SCRIPTS[number % len(SCRIPTS)], MEMORY_BYTES)
            for number in range(PODS)
        ]
        said: list[Ended] = [
            wait_for(partial(runtime.ended, each), lambda: "a container still runs") for each in started
        ]
        watched.catch_up()
    finally:
        watched.monitor.stop()
    firsts = watched.firsts()
    assert [each.exit_code for each in said] == [0, 1, 42, 139, 137] * (PODS // len(SCRIPTS))
    assert sum(each.oom_killed for each in said) == PODS // len(SCRIPTS)
    assert {told(each.container_id, firsts[each.container_id]) for each in said} == set(said)
    victims = [fact for fact in watched.facts if isinstance(fact, OomKilled)]
    assert Counter(container_of(victim.cgroup_path).container_id for victim in victims) == {
        each.container_id: 1 for each in said if each.oom_killed
    }
    # A helper of the runtime may still be in a container's cgroup at first sight; then its hostname tells.
    placed = [fact for fact in watched.facts if isinstance(fact, Executed | Exited | OomKilled)]
    print(Counter(first.identity for first in firsts.values()))
    assert {fact.identity for fact in placed} <= {"pinned", "hostname"}
    assert {fact.pinned_hostname or fact.hostname for fact in placed} == {
        each.hostname.encode() for each in said
    }
