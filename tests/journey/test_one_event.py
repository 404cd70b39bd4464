"""One save, one build and one crash, from the facts of the monitors to the live socket and the timeline.

All in one process: the real intake, keeper, spool, delivery, HTTP, ingest, store, live feed and API.
"""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from pathlib import Path
from time import time_ns
from typing import Any

import aiohttp

from jcode_watcher.agent.agent import Agent
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.analytics import service
from jcode_watcher.analytics.settings import ServiceSettings
from jcode_watcher.filemon.facts import FileState, Saved
from jcode_watcher.procmon.facts import Executed, Exited
from jcode_watcher.serving import Address, listen

SOURCE = b"int main(void) { return *(volatile int *)0; }\n"
SHA256 = hashlib.sha256(SOURCE).hexdigest()
FOLDER = b"/home/coder/project/hw1"
STUDENT = {"course": "os", "section": "1", "student": "202012180"}
SIGSEGV = int(signal.SIGSEGV)
WAIT_SECONDS = 20


def test_what_the_monitors_saw_is_on_the_live_socket_and_in_the_timeline(tmp_path: Path) -> None:
    live, timeline, content = asyncio.run(journey(tmp_path))
    told = {event["id"]: event for event in live}
    kept = {event["id"]: event for event in timeline}
    assert told == kept
    save, build, crash = (
        next(e for e in timeline if matches(e)) for matches in (is_save, is_build, is_crash)
    )
    assert content == SOURCE
    assert (save["body"]["path"], save["body"]["sha256"], save["subject"]["assignment"]) == (
        "bad.c",
        SHA256,
        "hw1",
    )
    assert save["body"]["writer"]["role"] == "shell"
    assert (build["body"]["exit_code"], build["body"]["activity"]["sources"]) == (0, ["bad.c"])
    assert (crash["body"]["exit_code"], crash["body"]["signal"]) == (None, "SIGSEGV")
    assert crash["body"]["activity"]["built_from"] == [SHA256]
    assert all(STUDENT.items() <= event["subject"].items() for event in timeline)


def is_save(event: dict[str, Any]) -> bool:
    return bool(event["kind"] == "file.saved")


def is_build(event: dict[str, Any]) -> bool:
    return bool(event["kind"] == "process.exited" and event["body"]["activity"]["type"] == "build")


def is_crash(event: dict[str, Any]) -> bool:
    return bool(event["kind"] == "process.exited" and event["body"]["activity"]["type"] == "run")


async def journey(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], bytes]:
    async with served(folder / "data") as url, aiohttp.ClientSession() as session:
        reader = {"Authorization": f"Bearer {(folder / 'data/tokens/reader').read_text().strip()}"}
        async with session.ws_connect(f"{url}/v1/live", params=STUDENT, headers=reader) as socket:
            assert (await socket.receive_json(timeout=WAIT_SECONDS))["type"] == "ready"
            async with watching(folder, url, session) as agent:
                agent.intake.put_processes([executed(7, "bash", b"/usr/bin/bash", b"bash")])
                agent.intake.put_files(os.fsencode(folder / "workspaces"), [saved()])
                agent.intake.put_processes(facts())
                live = [(await socket.receive_json(timeout=WAIT_SECONDS))["event"] for _ in range(6)]
        async with session.get(f"{url}/v1/timeline", params=STUDENT, headers=reader) as answer:
            timeline = (await answer.json())["events"]
        async with session.get(f"{url}/v1/contents/{SHA256}", headers=reader) as answer:
            return live, timeline, await answer.read()


@asynccontextmanager
async def served(data: Path) -> AsyncIterator[str]:
    """The service in this loop, until it is told to end as its platform would tell it."""
    settings = ServiceSettings(data=data)
    made = service.made(data)
    with (
        closing(listen(Address("127.0.0.1", 0))) as door,
        closing(service.opened_access(made, settings, Address("127.0.0.1", 0))) as access,
        closing(service.opened_store(made, settings)) as store,
    ):
        serving = asyncio.create_task(service.serve(settings, door, store, access))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await serving


@asynccontextmanager
async def watching(folder: Path, url: str, session: aiohttp.ClientSession) -> AsyncIterator[Agent]:
    """The agent in this loop, with its monitors off: the test is the kernel."""
    (folder / "workspaces").mkdir()
    settings = AgentSettings(
        server=url,
        token_file=folder / "data/tokens/agent",
        state=folder / "state",
        root=(folder / "workspaces",),
        node="node-1",
        procmon=False,
        filemon=False,
    )
    with ExitStack() as ending:
        agent = Agent(settings, session, ending)
        await agent.start()
        delivering = asyncio.create_task(agent.deliverer.run())
        try:
            yield agent
        finally:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            await agent.stop("the test is over")


def facts() -> list[Executed | Exited]:
    """gcc compiles what was saved, and what it made crashes."""
    gcc = executed(8, "gcc", b"/usr/bin/gcc", b"gcc", b"-o", b"bad", b"bad.c")
    bad = executed(9, "bad", FOLDER + b"/bad", b"./bad")
    return [gcc, exited(gcc, exit_code=0), bad, exited(bad, signal_number=SIGSEGV)]


def executed(pid: int, comm: str, exe: bytes, *argv: bytes) -> Executed:
    now = time_ns()
    return Executed(
        time_ns=now,
        boot_ns=now,
        pid=pid,
        started_ns=now,
        start_boot_ns=pid,
        ppid=1,
        namespace_pid=pid,
        uid=1000,
        gid=1000,
        comm=comm.encode(),
        exe=exe,
        filename=exe,
        argv=argv,
        argv_truncated=False,
        argv_bytes=sum(map(len, argv)) + len(argv),
        cwd=FOLDER,
        hostname=b"jcode-os-1-202012180-68d58d5b57-bp47r",
        cgroup_id=1,
        memory_cgroup_id=1,
        identity="hostname",
    )


def exited(program: Executed, exit_code: int | None = None, signal_number: int | None = None) -> Exited:
    now = time_ns()
    return Exited(
        time_ns=now,
        boot_ns=now,
        pid=program.pid,
        started_ns=program.started_ns,
        start_boot_ns=program.start_boot_ns,
        ppid=program.ppid,
        namespace_pid=program.pid,
        uid=1000,
        gid=1000,
        comm=program.comm,
        hostname=program.hostname,
        cgroup_id=1,
        memory_cgroup_id=1,
        identity="hostname",
        exec_boot_ns=program.boot_ns,
        exit_code=exit_code,
        signal=signal_number,
        core_dumped=False,
        oom_killed=False,
        user_ns=1_000,
        system_ns=1_000,
        peak_rss_bytes=4096,
        program=program,
    )


def saved() -> Saved:
    now = time_ns()
    return Saved(
        time_ns=now,
        pid=7,
        path=b"os-1-202012180/hw1/bad.c",
        how="closed",
        size=len(SOURCE),
        sha256=SHA256,
        content=SOURCE,
        omitted=None,
        previous_sha256=None,
        state=FileState(b"handle", len(SOURCE), now, now, SHA256),
    )
