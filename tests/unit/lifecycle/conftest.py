"""Hand-made facts, and the real application fed by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

import msgspec
import pytest
from aiohttp.test_utils import TestClient, TestServer

from jcode_watcher.lifecycle.monitor import Deliver, LifecycleMonitor
from jcode_watcher.lifecycle.server import application
from jcode_watcher.lifecycle.settings import LifecycleSettings
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled
from jcode_watcher.serving import Door

SECOND_NS = 1_000_000_000
SLEPT_NS = 5 * SECOND_NS


class HandFedCounters(msgspec.Struct):
    seen: int = 7
    filtered: int = 3
    programs: int = 2


class HandFedTracer:
    """Stands for the kernel: delivers what a test gives it, from another thread if called there."""

    def __init__(self, deliver: Deliver, hostname_prefixes: Sequence[str]) -> None:
        self.deliver = deliver
        self.hostname_prefixes = tuple(hostname_prefixes)
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def counters(self) -> HandFedCounters:
        return HandFedCounters()


class Running(NamedTuple):
    """The real application on a real port, and the tracer that feeds it."""

    http: "TestClient[Any, Any]"
    monitor: LifecycleMonitor
    tracers: list[HandFedTracer]

    @property
    def tracer(self) -> HandFedTracer:
        return self.tracers[0]


Run = Callable[..., AbstractAsyncContextManager[Running]]


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[Running]:
    tracers: list[HandFedTracer] = []

    def make_tracer(deliver: Deliver, prefixes: Sequence[str]) -> HandFedTracer:
        tracers.append(HandFedTracer(deliver, prefixes))
        return tracers[0]

    chosen = LifecycleSettings(**settings)
    monitor = LifecycleMonitor(chosen, make_tracer, lambda: SLEPT_NS, asyncio.get_running_loop())
    await monitor.start()
    async with TestClient(TestServer(application(monitor, chosen, Door(100)))) as http:
        yield Running(http, monitor, tracers)
        await monitor.stop()
        await monitor.clients.leave(grace_seconds=0.2)


@pytest.fixture
def tracer_type() -> type[HandFedTracer]:
    """Give the tracer, to make one that behaves otherwise."""
    return HandFedTracer


@pytest.fixture
def run() -> Run:
    """Give a function that runs the application with the given settings for as long as an `async with`."""
    return running


def make_executed(**changes: Any) -> Executed:
    fact = Executed(
        time_ns=1_790_000_000 * SECOND_NS,
        boot_ns=105 * SECOND_NS,
        pid=4711,
        started_ns=1_790_000_000 * SECOND_NS,
        start_boot_ns=104 * SECOND_NS,
        ppid=4000,
        namespace_pid=12,
        uid=1000,
        gid=1000,
        comm=b"ls",
        exe=b"/usr/bin/ls",
        filename=b"/usr/bin/ls",
        argv=(b"ls", b"-l"),
        argv_truncated=False,
        argv_bytes=6,
        cwd=b"/home/student",
        hostname=b"jcode-os-1-202012101",
        cgroup_id=2**53 + 1,
        memory_cgroup_id=77,
    )
    return msgspec.structs.replace(fact, **changes)


def make_exited(**changes: Any) -> Exited:
    fact = Exited(
        time_ns=1_790_000_001 * SECOND_NS,
        boot_ns=106 * SECOND_NS,
        pid=4711,
        started_ns=1_790_000_000 * SECOND_NS,
        start_boot_ns=104 * SECOND_NS,
        ppid=4000,
        namespace_pid=12,
        uid=1000,
        gid=1000,
        comm=b"ls",
        hostname=b"jcode-os-1-202012101",
        cgroup_id=2**53 + 1,
        memory_cgroup_id=77,
        exec_boot_ns=105 * SECOND_NS,
        exit_code=0,
        signal=None,
        core_dumped=False,
        oom_killed=False,
        user_ns=1,
        system_ns=2,
        peak_rss_bytes=3,
        program=make_executed(),
    )
    return msgspec.structs.replace(fact, **changes)


def make_oom_killed(**changes: Any) -> OomKilled:
    fact = OomKilled(
        time_ns=1_790_000_001 * SECOND_NS,
        boot_ns=106 * SECOND_NS,
        pid=4711,
        started_ns=1_790_000_000 * SECOND_NS,
        start_boot_ns=104 * SECOND_NS,
        ppid=4000,
        uid=1000,
        comm=b"hog",
        hostname=b"jcode-os-1-202012101",
        cgroup_id=78,
        memory_cgroup_id=77,
        total_vm_bytes=268_435_456,
        anon_rss_bytes=134_217_728,
        file_rss_bytes=4_096,
        oom_score_adj=-5,
        program=make_executed(comm=b"hog", exe=b"/tmp/hog", argv=(b"./hog",)),
    )
    return msgspec.structs.replace(fact, **changes)


@pytest.fixture
def executed() -> Callable[..., Executed]:
    """Give a function that makes an exec, with the given fields changed."""
    return make_executed


@pytest.fixture
def exited() -> Callable[..., Exited]:
    """Give a function that makes an exit, with the given fields changed."""
    return make_exited


@pytest.fixture
def oom_killed() -> Callable[..., OomKilled]:
    """Give a function that makes an OOM kill, with the given fields changed."""
    return make_oom_killed


@pytest.fixture
def facts(executed: Callable[..., Executed]) -> Callable[[int], list[Executed]]:
    """Give a function that makes many execs, whose pids count up from 1."""
    return lambda count: [executed(pid=number) for number in range(1, count + 1)]
