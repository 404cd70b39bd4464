"""The Kubernetes API is asked as a pod asks it: over HTTP, with the service account's token."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from jcode_watcher.doctor.probes.kubernetes import ask


class Api(BaseHTTPRequestHandler):
    """Lists pods for one token, and only those of one node."""

    def do_GET(self) -> None:
        allowed = self.headers["Authorization"] == "Bearer good"
        known = self.path == "/api/v1/pods?limit=1&fieldSelector=spec.nodeName%3Dnode-7"
        self.send_response(403 if not allowed else 200 if known else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def api() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_token_that_may_list_pods_is_well(api: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("good\n")
    assert ask(api, tmp_path, "node-7") == ""


def test_a_token_without_the_right_is_told_with_the_answer(api: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("bad")
    assert ask(api, tmp_path, "node-7") == f"{api} answers 403 Forbidden"


def test_an_api_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("good")
    assert ask("http://127.0.0.1:1", tmp_path, "node-7") == "http://127.0.0.1:1: connection refused"


def test_without_a_service_account_nothing_is_asked(tmp_path: Path) -> None:
    assert ask("http://127.0.0.1:1", tmp_path, "node-7") is None
