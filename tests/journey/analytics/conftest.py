"""A real service process on loopback, with a real store in a folder of its own."""

import hashlib
import itertools
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard

READY_SECONDS_MAX = 60
END_SECONDS_MAX = 20
MOMENT = "2026-03-02T01:02:{:02d}.{:06d}Z"


class Service:
    """One data folder and the process that serves it, which may be ended and started again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.flags: list[str] = []
        self.before: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self.ready: dict[str, str] = {}
        self.client = httpx.Client(timeout=60)
        self.log_file = data.with_suffix(".log")

    def start(self) -> None:
        command = [sys.executable, "-m", "jcode_watcher", "serve", "--data", str(self.data)]
        with self.log_file.open("a") as log:
            self.process = subprocess.Popen(
                [*self.before, *command, "--listen", "127.0.0.1:0", *self.flags],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS_MAX)
        assert readable, "the service did not become ready"
        line = self.process.stdout.readline()
        assert line, f"the service ended: {self.log()}"
        self.ready = json.loads(line)

    def log(self) -> str:
        return self.log_file.read_text()

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.ended()

    def stop(self) -> int:
        """SIGTERM; give the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; give the exit status."""
        assert self.process is not None
        assert self.process.stdout is not None
        status = self.process.wait(END_SECONDS_MAX)
        self.process.stdout.close()
        return status

    def token(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {(self.data / 'tokens' / role).read_text().strip()}"}

    def command(self, action: str, *flags: str) -> subprocess.CompletedProcess[str]:
        """Run `jcode-watcher token` on the data folder."""
        command = [sys.executable, "-m", "jcode_watcher", "token", "--data", str(self.data)]
        return subprocess.run(
            [*command, "--action", action, *flags], capture_output=True, text=True, check=False
        )

    def mint(self, node: str) -> dict[str, str]:
        """Give the header of a new token for a node."""
        out = self.data.parent / f"{node}.token"
        made = self.command("mint", "--node", node, "--out", str(out))
        assert made.returncode == 0, made.stderr
        return {"Authorization": f"Bearer {out.read_text().strip()}"}

    @property
    def url(self) -> str:
        return self.ready["url"].rstrip("/")

    @property
    def live_url(self) -> str:
        return self.url.replace("http:", "ws:") + "/v1/live"

    def send(self, body: bytes, **headers: str) -> httpx.Response:
        everything = self.token("agent") | {"Content-Type": "application/json"} | headers
        return self.client.post(f"{self.url}/v1/batches", content=body, headers=everything)

    def post(self, events: list[Any], batch_id: str = "batch") -> dict[str, Any]:
        """Post a batch as an agent does; give its receipt."""
        text = json.dumps({"batch_id": batch_id, "events": events}).encode()
        answer = self.send(zstandard.compress(text), **{"Content-Encoding": "zstd"})
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def get(self, path: str, /, **query: Any) -> Any:
        answer = self.client.get(self.url + path, params=query, headers=self.token("reader"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def timeline(self, student: str, **query: Any) -> list[Any]:
        return list(self.get("/v1/timeline", course="os", section="1", student=student, **query)["events"])

    def metric(self, name: str, **labels: str) -> float:
        """Give the value of a metric; 0 where it was never counted."""
        written = ",".join(f'{key}="{value}"' for key, value in labels.items())
        full = f"jcode_watcher_analytics_{name}" + (f"{{{written}}}" if written else "")
        text = httpx.get(f"{self.url}/metrics").text
        found = re.search(rf"^{re.escape(full)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Callable[[str], Service]]:
    """Make services, each with a data folder of its own; all are ended after the test."""
    made: list[Service] = []

    def make(name: str) -> Service:
        made.append(Service(tmp_path / name))
        return made[-1]

    yield make
    for service in made:
        service.client.close()
        if service.process is not None and service.process.returncode is None:
            service.stop()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One running service for all tests of a module; each test uses a student of its own."""
    running = Service(tmp_path_factory.mktemp("analytics") / "data")
    running.start()
    yield running
    running.client.close()
    assert running.stop() == 0
    assert "Traceback" not in running.log()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Numbers that come once in a whole test run."""
    return itertools.count(1)


@pytest.fixture
def student(numbers: Iterator[int]) -> str:
    """A student nobody else uses."""
    return f"{os.getpid()}{next(numbers):06d}"


@pytest.fixture
def event(student: str) -> Callable[..., dict[str, Any]]:
    """Make one event of the test's student; ids and `seq` count on."""
    counted = itertools.count(1)

    def make(kind: str = "process.started", body: Any = None, **changes: Any) -> dict[str, Any]:
        number = next(counted)
        if body is None:
            body = {"pid": number, "started": MOMENT.format(0, 0)}
        return {
            "id": f"{student}-{number:06d}",
            "kind": kind,
            "time": MOMENT.format(number // 1_000_000 % 60, number % 1_000_000),
            "node": "node-1",
            "agent": f"agent-{student}",
            "seq": number,
            "subject": {"course": "os", "section": "1", "student": student, "assignment": "hw1"},
            "body": body,
        } | changes

    return make


@pytest.fixture
def saved(event: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make one save with its content."""

    def make(path: str, text: str, **changes: Any) -> dict[str, Any]:
        raw = text.encode()
        body = {"path": path, "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "content": text}
        return event("file.saved", body | {"how": "closed"} | changes)

    return make


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "did not come"
        time.sleep(0.02)


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait for something that must come."""
    return wait_until
