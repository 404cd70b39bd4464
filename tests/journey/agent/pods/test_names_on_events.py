"""An agent beside a Kubernetes API: its events carry names, and whatever the API does holds up nothing."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import pytest
from tests.journey.agent.pods.twin import NODE, Twin, pod, until
from tests.journey.test_one_event import executed, exited

from jcode_watcher.agent.agent import Agent
from jcode_watcher.agent.settings import AgentSettings

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

    from jcode_watcher.events import Subject

    Start = Callable[..., AgentProcess]

KNOWN = "0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11"
LATE = "1f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b12"
HOST = "jcode-os-1-202012180-68d58d5b57-bp47r"


def test_an_event_carries_its_pods_name_when_known_and_goes_without_when_not(
    twin: Twin, service: "Service", account: Path, tmp_path: Path, token_file: Path
) -> None:
    twin.add(pod(KNOWN, "jcode-a", {"group": "b", "mail": "kim@example.org"}))
    settings = AgentSettings(
        server=service.url,
        token_file=token_file,
        state=tmp_path / "state",
        node=NODE,
        procmon=False,
        filemon=False,
        kubernetes_url=twin.url,
        service_account=account,
        pod_label=("group",),
    )

    known, late, ended = asyncio.run(told(settings, twin, service))

    assert (known.pod_uid, known.pod_name, known.pod_owner) == (KNOWN, "jcode-a", "ReplicaSet/jcode-a-rs")
    assert known.pod_labels == {"group": "b"}
    # Its host name is all that is known; what came later does not wait and is not sent again.
    assert (late.pod_uid, late.pod_name, late.pod_owner, late.pod_labels) == (LATE, HOST, None, None)
    # The same program's end, after the name came.
    assert (ended.pod_uid, ended.pod_name) == (LATE, "jcode-late")


async def told(settings: AgentSettings, twin: Twin, service: "Service") -> list["Subject"]:
    """Give the subjects of a program in a known pod, of one in a pod not known yet, and of its end."""
    async with aiohttp.ClientSession() as session:
        with ExitStack() as ending:
            agent = Agent(settings, session, ending)
            await agent.start()
            tasks = [asyncio.create_task(agent.follow_pods()), asyncio.create_task(agent.deliverer.run())]
            assert agent.pods is not None
            await so(lambda: agent.pods is not None and agent.pods.connected)
            programs = [executed(pid, "ls", b"/bin/ls", b"ls") for pid in (7, 8)]
            first, second = (
                msgspec.structs.replace(program, cgroup_path=f"/kubepods/pod{uid}/{'c' * 64}".encode())
                for program, uid in zip(programs, (KNOWN, LATE), strict=True)
            )
            agent.intake.put_processes([first, second])
            await so(lambda: service.kinds().count("process.started") == 2)
            await asyncio.to_thread(twin.add, pod(LATE, "jcode-late"))
            await so(lambda: agent.pods is not None and agent.pods.table.find(LATE))
            agent.intake.put_processes([exited(second, exit_code=0)])
            await so(lambda: "process.exited" in service.kinds())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await agent.stop("the test is over")
    events = [event for event in service.events.values() if event.kind.startswith("process.")]
    return [event.subject for event in events if event.subject is not None]


async def so(is_so: Callable[[], object]) -> None:
    await asyncio.to_thread(until, is_so)


def metric(agent: "AgentProcess", name: str) -> float:
    lines = agent.get("/metrics")[1].splitlines()
    start = f"jcode_watcher_agent_{name} "
    return float(next((line for line in lines if line.startswith(start)), f"{start} nan").removeprefix(start))


def test_an_agent_ends_in_its_time_with_a_watch_open(
    start: "Start", twin: Twin, account: Path, service: "Service"
) -> None:
    twin.add(pod(KNOWN, "jcode-a"))
    arguments = ("--node", NODE, "--kubernetes-url", twin.url, "--service-account", str(account))
    agent = start(*arguments)
    until(lambda: metric(agent, "pods_connected") == 1)
    assert (metric(agent, "pods_known"), metric(agent, "pods_lists_total")) == (1, 1)
    service.wait_for("monitor.started")

    began = monotonic()
    assert agent.stop() == 0

    assert monotonic() - began < 5
    assert service.kinds()[-1] == "monitor.stopped"


@pytest.mark.parametrize("trouble", ["away", "crawling", "forbidden"])
def test_an_api_that_does_not_answer_holds_up_nothing(
    start: "Start", twin: Twin, account: Path, service: "Service", trouble: str
) -> None:
    if trouble == "away":
        twin.away()
    elif trouble == "crawling":
        twin.delay_seconds = 600
    else:
        twin.status = 403
    arguments = ("--node", NODE, "--kubernetes-url", twin.url, "--service-account", str(account))
    agent = start(*arguments)
    service.wait_for("monitor.started")
    reason = {"away": "connection", "forbidden": "forbidden"}.get(trouble)
    if reason:
        until(lambda: metric(agent, f'pods_errors_total{{reason="{reason}"}}') >= 1)

    assert (agent.get("/livez")[0], agent.get("/readyz")[0]) == (200, 200)
    assert metric(agent, "pods_connected") == 0
    began = monotonic()
    assert agent.stop() == 0
    assert monotonic() - began < 5


@pytest.mark.parametrize("more", [("--pods", "off"), ("--service-account", "/nowhere")])
def test_where_this_is_no_pod_or_it_is_switched_off_nobody_is_asked(
    start: "Start", twin: Twin, account: Path, service: "Service", more: tuple[str, ...]
) -> None:
    agent = start("--kubernetes-url", twin.url, "--service-account", str(account), *more)
    service.wait_for("monitor.started")

    assert "pods_connected" not in agent.get("/metrics")[1]
    assert agent.stop() == 0
    assert not twin.requests
