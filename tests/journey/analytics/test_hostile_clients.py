"""Nonsense, floods and half requests: each gets its answer, nobody else notices, and the log stays empty."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from jcode_watcher.analytics.server import CONNECTIONS_MAX

GOOD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nAuthorization: "
REST = b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
BAD: dict[str, tuple[bytes, bytes, str]] = {
    "no HTTP": (b"hello\r\n\r\n", b"400", "malformed"),
    "TLS": (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40 + b"\r\n\r\n",
        b"400",
        "malformed",
    ),
    "a bad header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", b"400", "malformed"),
    "a bad length": (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400", "malformed"),
    "a long URL": (b"GET /" + b"a" * 200_000 + REST, b"414", "too_long"),
    "a long URL that comes whole": (b"GET /" + b"a" * 100_000 + REST, b"414", "too_long"),
    "a very long URL": (b"GET /" + b"a" * 3_000_000 + b" HTTP/1.1\r\n\r\n", b"414", "too_long"),
    "headers that come whole": (
        b"GET / HTTP/1.1\r\nHost: x\r\n" + (b"X: " + b"a" * 1_000 + b"\r\n") * 70 + b"\r\n",
        b"431",
        "too_long",
    ),
    "a long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", b"431", "too_long"),
}


@pytest.fixture
def connect(service: Any) -> Iterator[Any]:
    host, _, port = service.ready["listen"].rpartition(":")
    with ExitStack() as opened:
        yield lambda: opened.enter_context(socket.create_connection((host, int(port)), 30))


def answer_of(connection: socket.socket, sent: bytes) -> bytes:
    """Send, and read until the other side closes."""
    connection.sendall(sent)
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(("sent", "status", "reason"), BAD.values(), ids=BAD.keys())
def test_what_is_no_request_is_answered_and_counted_without_a_line(
    service: Any, connect: Any, sent: bytes, status: bytes, reason: str
) -> None:
    before = service.metric("connections_refused_total", reason=reason)
    for first in (b"", GOOD):
        answer = answer_of(connect(), first + sent)
        assert b"HTTP/1.1 " + status in answer
        assert b'{"error":"' in answer
    assert service.metric("connections_refused_total", reason=reason) == before + 2
    assert service.log() == ""


def test_a_chunk_that_is_none_is_refused_and_leaves_no_traceback(service: Any, connect: Any) -> None:
    token = service.token("agent")["Authorization"].encode()
    for pause in (0.0, 0.3):
        connection = connect()
        connection.sendall(CHUNKED + token + b"\r\n\r\n5\r\nhello\r\n")
        time.sleep(pause)
        assert answer_of(connection, b"zz\r\nnonsense\r\n").startswith(b"HTTP/1.1 400 ")
    assert service.metric("bodies_arriving") == 0
    assert service.log() == ""


def test_an_upgrade_to_something_unknown_is_no_reason_for_a_line(service: Any, connect: Any) -> None:
    sent = GOOD[:-2] + b"Connection: close, upgrade\r\nUpgrade: h2c\r\n\r\n"
    assert answer_of(connect(), sent).startswith(b"HTTP/1.1 200 ")
    assert service.log() == ""


def test_half_requests_keep_nobody_out(service: Any, connect: Any, event: Any) -> None:
    half = [connect() for _ in range(CONNECTIONS_MAX + 100)]
    for one in half:
        try:
            one.sendall(GOOD[:-4])
        except OSError:
            continue  # it was pushed out already
    began = time.monotonic()
    service.client.close()
    service.client = type(service.client)(timeout=60)
    service.post([event()])
    assert service.get("/v1/session") == {"role": "reader"}
    assert time.monotonic() - began < 5
    assert service.metric("connections") <= CONNECTIONS_MAX
    assert service.metric("connections_refused_total", reason="pushed_out") >= 100
    assert service.log() == ""


def test_a_half_request_is_cut_after_its_time(service: Any, connect: Any) -> None:
    late = service.metric("connections_refused_total", reason="late")
    assert answer_of(connect(), GOOD[:-4]) == b""
    assert answer_of(connect(), GOOD + GOOD[:-4]).count(b"HTTP/1.1 200") == 1
    assert service.metric("connections_refused_total", reason="late") >= late + 2
