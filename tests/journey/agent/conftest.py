"""The agent as a program of its own, delivering to a small service over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest
import zstandard

from jcode_watcher.events import Envelope, Receipt, decode_batch, decode_event

SECONDS_MAX = 20.0
"""How long a promise may take on a busy machine."""


class Service:
    """Keeps every event once, in the order in which they come."""

    def __init__(self) -> None:
        self.events: dict[str, Envelope] = {}
        self.status = 200
        self.changed = threading.Condition()
        service = self

        class Requests(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = service.take(body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()

    def take(self, body: bytes) -> tuple[int, bytes]:
        with self.changed:
            if self.status != 200:
                return self.status, b'{"error": "not now"}'
            batch = decode_batch(zstandard.ZstdDecompressor().decompress(body))
            events = [decode_event(raw) for raw in batch.events]
            new = {event.id: event for event in events if event.id not in self.events}
            self.events |= new
            self.changed.notify_all()
            receipt = Receipt(batch_id=batch.batch_id, stored=len(new), repeated=len(events) - len(new))
            return 200, msgspec.json.encode(receipt)

    def wait_for(self, kind: str, agent: int = 0) -> Envelope:
        """Give the first event of a kind of the n-th start of the agent, as soon as it is there."""

        def found() -> Envelope | None:
            starts = list(dict.fromkeys(event.agent for event in self.events.values()))
            return next(
                (e for e in self.events.values() if e.kind == kind and starts.index(e.agent) == agent), None
            )

        with self.changed:
            assert self.changed.wait_for(found, SECONDS_MAX), f"no {kind} in {self.kinds()}"
            event = found()
            assert event is not None
            return event

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events.values()]

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class AgentProcess:
    """A running agent."""

    def __init__(self, arguments: list[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jcode_watcher", "agent", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.ready = json.loads(line)
        self.said = ""
        """Its log, once it has ended."""

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(f"http://{self.ready['listen']}{path}", timeout=SECONDS_MAX) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        self.said += self.process.communicate(timeout=SECONDS_MAX)[1]
        return self.process.returncode


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("secret\n")
    return path


@pytest.fixture
def start(tmp_path: Path, service: Service, token_file: Path) -> Iterator[Callable[..., AgentProcess]]:
    """Starts an agent that watches nothing, so that it needs no privilege."""
    with ExitStack() as stack:

        def begin(*more: str) -> AgentProcess:
            agent = AgentProcess(
                [
                    *("--server", service.url, "--token-file", str(token_file), "--node", "n1"),
                    *("--state", str(tmp_path / "state"), "--listen", "127.0.0.1:0"),
                    *("--no-procmon", "--no-filemon", *more),
                ]
            )
            stack.callback(lambda: agent.kill() if agent.process.poll() is None else None)
            return agent

        yield begin
