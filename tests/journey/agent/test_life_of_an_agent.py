"""From its first start over a kill to its orderly end, with the service there and away."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher import __version__
from jcode_watcher.events.monitor import MonitorGap, MonitorHeartbeat, MonitorStarted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journey.agent.conftest import AgentProcess, Service

    Start = Callable[..., AgentProcess]

PROBE_SECONDS = 2.0
"""Between two questions of Kubernetes, at the least (`deploy/manifests`)."""


def test_it_says_when_it_looks_and_when_it_ends(start: "Start", service: "Service") -> None:
    agent = start()
    started = service.wait_for("monitor.started")

    assert agent.stop() == 0

    assert isinstance(started.body, MonitorStarted)
    assert started.body.version == __version__
    assert (started.node, started.body.previous_agent, started.body.found_changed) == ("n1", None, 0)
    assert service.kinds() == ["monitor.started", "monitor.stopped"]
    assert [event.seq for event in service.events.values()] == [1, 2]


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_the_time_in_which_nobody_looked_is_stated_by_the_next_start(
    start: "Start", service: "Service", how: str
) -> None:
    first = start()
    before = service.wait_for("monitor.started")
    getattr(first, how)()
    second = start()

    gap, started = service.wait_for("monitor.gap", 1), service.wait_for("monitor.started", 1)

    assert isinstance(gap.body, MonitorGap)
    assert (gap.body.stage, gap.body.reason, gap.body.count) == ("agent", "not_running", None)
    assert before.time <= gap.body.since < gap.body.until <= started.time
    assert isinstance(started.body, MonitorStarted)
    assert started.body.previous_agent == before.agent
    assert started.body.previous_seq == sum(e.agent == before.agent for e in service.events.values())
    assert second.stop() == 0


def test_what_was_kept_while_the_service_was_away_outlives_a_kill(start: "Start", service: "Service") -> None:
    service.status = 503
    agent = start("--heartbeat-seconds", "0.05")
    with service.changed:
        while spooled(agent) < 5:
            service.changed.wait(0.05)
    agent.kill()
    service.status = 200

    last = start()
    service.wait_for("monitor.started", 1)

    first_agent = next(iter(service.events.values())).agent
    kept = [event.seq for event in service.events.values() if event.agent == first_agent]
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= 5
    assert last.stop() == 0


def spooled(agent: "AgentProcess") -> float:
    lines = agent.get("/metrics")[1].splitlines()
    name = "jcode_watcher_agent_spool_events "
    return float(next(line for line in lines if line.startswith(name)).removeprefix(name))


def test_a_heartbeat_carries_the_counts(start: "Start", service: "Service") -> None:
    agent = start("--heartbeat-seconds", "0.05")

    beat = service.wait_for("monitor.heartbeat")

    assert isinstance(beat.body, MonitorHeartbeat)
    assert {"kept", "dropped", "delivered", "spool_bytes"} <= beat.body.counters.keys()
    assert agent.stop() == 0


def test_its_probes_tell_a_refused_token_from_a_service_that_is_away(
    start: "Start", service: "Service"
) -> None:
    service.status = 503
    agent = start()
    assert agent.get("/livez") == (200, json.dumps({"keeper": "ok", "monitors": "ok"}))
    assert agent.get("/readyz")[0] == 200
    agent.stop()

    service.status = 401
    agent = start()
    status, said = agent.get("/readyz")
    while "not now" not in said:
        status, said = agent.get("/readyz")
    assert status == 503
    assert "the service refuses --token-file: 401: not now" in said
    assert agent.get("/livez")[0] == 200
    assert agent.stop() == 0


def test_its_metrics_name_every_stage(start: "Start", service: "Service") -> None:
    agent = start()
    service.wait_for("monitor.started")

    text = agent.get("/metrics")[1]

    for name in ("events_total", "spool_bytes", "spool_limit_bytes", "delivered_events_total", "queue_facts"):
        assert f"jcode_watcher_agent_{name}" in text
    assert agent.stop() == 0


def refusal(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "jcode_watcher", "agent", "--no-procmon", "--no-filemon", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--server": "ftp://x"}, "--server ftp://x: give http://"),
        ({"--token-file": "absent"}, "--token-file absent"),
        ({"--token-file": "empty"}, "holds no token"),
        ({"--listen": "127.0.0.1"}, "give HOST:PORT"),
        ({"--root": "absent"}, "--root absent: no such file or directory; give the folder"),
        (
            {"--root": "inner", "--state": "inner/../inner//"},
            "--root inner: the same folder as --state inner/../inner//;",
        ),
        ({"--state": "empty/state"}, "--state empty/state"),
        ({"--spool-bytes-max": "1"}, "--spool-bytes-max 1: give a whole number, 262144 to 17592186044416"),
        ({"--root": ".", "--snapshots": "inner"}, "--root .; give a folder outside"),
        ({"--root": "inner", "--snapshots": "inner/tree"}, "--snapshots inner/tree: lies in --root inner"),
        ({"--root": "a\nb"}, "--root 'a\\nb': no such file or directory"),
        ({"--node": "a\nb"}, "--node 'a\\nb': give a name of 1 to 253 visible ASCII characters"),
        ({"--config": "fifo"}, "--config fifo: no regular file"),
        (
            {"--config": "state.toml", "--root": "inner/"},
            '--root inner/: the same folder as --config state.toml: snapshots "./inner"; give two',
        ),
        ({"--filemon": "off"}, "--filemon off: a switch takes no value; give --filemon or --no-filemon"),
    ],
)
def test_a_bad_setting_is_refused_in_one_line(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    (tmp_path / "token").write_text("secret")
    (tmp_path / "empty").touch()
    (tmp_path / "inner").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "state.toml").write_text('snapshots = "./inner"')
    settings = {
        "--server": "http://127.0.0.1:1",
        "--token-file": "token",
        "--state": "state",
        "--listen": "127.0.0.1:0",
    }

    status, stderr = refusal(tmp_path, *(word for pair in (settings | changed).items() for word in pair))

    assert status == 2
    assert said in stderr
    assert stderr.count("\n") == 1


def test_two_agents_do_not_share_a_state_folder(
    start: "Start", service: "Service", tmp_path: Path, token_file: Path
) -> None:
    agent = start()

    status, stderr = refusal(
        tmp_path,
        *("--server", service.url, "--token-file", str(token_file)),
        *("--state", str(tmp_path / "state"), "--listen", "127.0.0.1:0"),
    )

    assert (status, stderr.count("\n")) == (2, 1)
    assert "another agent uses it" in stderr
    assert agent.stop() == 0


def test_a_flood_of_half_requests_and_nonsense_leaves_its_probes_answering(
    start: "Start", service: "Service"
) -> None:
    agent = start()
    service.wait_for("monitor.started")
    host, _, port = agent.ready["listen"].rpartition(":")
    with ExitStack() as opened:
        for sent in [b"GET /livez HTTP/1.1\r\nHost: x\r\n", b"nonsense\r\n\r\n"] * 200:
            one = opened.enter_context(socket.create_connection((host, int(port)), 20))
            one.sendall(sent)
        # Kubernetes asks three times: while as many are answered as may be connected, one is told to wait.
        answers: list[int] = []
        while 200 not in answers and len(answers) < 3:
            time.sleep(PROBE_SECONDS if answers else 0)
            answers.append(agent.get("/livez")[0])
        assert answers[-1] == 200, answers
        text = agent.get("/metrics")[1]
    pushed_out = 'jcode_watcher_agent_connections_refused_total{reason="pushed_out"}'
    assert int(float(text.partition(pushed_out)[2].split()[0])) > 0
    assert agent.stop() == 0
