"""Service and agent as programs of their own, and a student in namespaces of their own."""

import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.kernel.agent.node import Node
from tests.kernel.agent.program import POLL_SECONDS, SECONDS_MAX, Program, why_not

STUDENT = "202099001"
WORKSPACE = f"os-1-{STUDENT}"


class Classroom:
    """One student, one agent, one service."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.prefix = f"agt{secrets.token_hex(4)}-"
        self.root = folder / "ws"
        self.hw = self.root / WORKSPACE / "hw1"
        self.hw.mkdir(parents=True)
        self._folder = folder
        self._stack = stack
        self.service = Program("serve", "--data", str(folder / "data"), "--listen", "127.0.0.1:0")
        stack.callback(self.service.stop)
        self.agent = self.start_agent()

    def start_agent(self) -> Program:
        self.agent = Program(
            "agent",
            *("--root", str(self.root), "--server", self.service.ready["url"], "--node", "n1"),
            *("--token-file", str(self._folder / "data/tokens/agent")),
            *("--state", str(self._folder / "state"), "--listen", "127.0.0.1:0"),
            *("--hostname-prefix", self.prefix),
        )
        self._stack.callback(self.agent.stop)
        return self.agent

    def run(self, script: str) -> None:
        """Let the student run a shell script in hw1, in a container that has its name before it begins."""
        named = f'hostname {self.prefix}{WORKSPACE} && exec bash -c "$0"'
        subprocess.run(
            ["unshare", "--uts", "--fork", "bash", "-c", named, script],
            cwd=self.hw,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self._folder)},
            capture_output=True,
            check=False,
            timeout=SECONDS_MAX,
        )

    def get(self, path: str, **query: str) -> Any:
        token = (self._folder / "data/tokens/reader").read_text().strip()
        url = f"{self.service.ready['url'].rstrip('/')}{path}?{urlencode(query)}"
        with urlopen(
            Request(url, headers={"Authorization": f"Bearer {token}"}), timeout=SECONDS_MAX
        ) as answer:
            return json.load(answer)

    def timeline(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self.get("/v1/timeline", course="os", section="1", student=STUDENT)[
            "events"
        ]
        return events

    def wait_for(self, found: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Give the first event of the timeline that is wanted, as soon as it can be read."""
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline:
            event = next(filter(found, self.timeline()), None)
            if event is not None:
                return event
            time.sleep(POLL_SECONDS)
        raise AssertionError([(event["kind"], event["body"].get("path")) for event in self.timeline()])

    def saves(self) -> list[dict[str, Any]]:
        return [event["body"] for event in self.timeline() if event["kind"] == "file.saved"]

    def activities(self) -> list[dict[str, Any]]:
        return [
            event["body"]
            for event in self.timeline()
            if event["kind"] == "process.exited" and event["body"]["activity"] is not None
        ]


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    if reason := why_not():
        pytest.skip(reason)
    with ExitStack() as stack:
        yield Classroom(tmp_path, stack)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    if reason := why_not():
        pytest.skip(reason)
    bpffs = tmp_path / "bpffs"
    bpffs.mkdir()
    if subprocess.run(["mount", "-t", "bpf", "bpf", str(bpffs)], capture_output=True, check=False).returncode:
        pytest.skip("a bpffs cannot be mounted")
    with ExitStack() as stack:
        stack.callback(subprocess.run, ["umount", "-l", str(bpffs)], check=True)
        yield Node(tmp_path, bpffs / "pins", stack)
