"""Whoever sends slowly, or nothing, holds up nobody else."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from jcode_watcher.analytics.ingest.limits import BATCHES

BATCH = b'{"batch_id":"b","events":[]}'
SECONDS_MAX = 5.0
"""Much less than a slow sender may take, and enough for a busy machine."""


@pytest.fixture
def sockets(service: Any) -> Iterator[Any]:
    """Connections that have sent so much and then rest."""
    with ExitStack() as opened:

        def rest(count: int, sent: bytes) -> list[socket.socket]:
            made = []
            for _ in range(count):
                one = opened.enter_context(socket.create_connection(address_of(service), 60))
                one.sendall(sent)
                made.append(one)
            return made

        yield rest


def address_of(service: Any) -> tuple[str, int]:
    host, _, port = service.ready["listen"].rpartition(":")
    return host, int(port)


def half_batch(token: str) -> bytes:
    return (
        f"POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
        'Content-Length: 1000\r\n\r\n{"batch_id"'
    ).encode()


def test_half_sent_batches_of_one_token_hold_up_no_other_agent(service: Any, sockets: Any) -> None:
    mine = service.mint("slow-senders-1")
    other = service.mint("slow-senders-2")
    resting = sockets(80, half_batch(mine["Authorization"]))
    refused = [one.recv(4_096) for one in resting[BATCHES.each_max :]]
    assert all(answer.startswith(b"HTTP/1.1 429 ") for answer in refused)
    assert all(b"retry-after: 2\r\n" in answer.lower() for answer in refused)
    began = time.monotonic()
    assert service.send(BATCH, **other).status_code == 200
    assert time.monotonic() - began < SECONDS_MAX
    assert service.send(BATCH, **mine).status_code == 429
    assert service.metric("bodies_arriving") == BATCHES.each_max
    assert service.metric("bodies_refused_total", reason="sender_full") >= 80 - BATCHES.each_max


def test_a_half_sent_batch_is_told_to_come_again(service: Any, sockets: Any) -> None:
    slow = service.metric("bodies_refused_total", reason="slow")
    (resting,) = sockets(1, half_batch(service.mint("slow-senders-3")["Authorization"]))
    answer = resting.recv(4_096)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"retry-after: 2\r\n" in answer.lower()
    assert service.metric("bodies_refused_total", reason="slow") > slow


def test_a_slow_agent_gets_through(service: Any) -> None:
    def slowly() -> Iterator[bytes]:
        for place in range(0, len(BATCH), 4):
            time.sleep(0.3)
            yield BATCH[place : place + 4]

    token = service.mint("slow-senders-4")
    answer = httpx.post(f"{service.url}/v1/batches", content=slowly(), headers=token, timeout=30)
    assert answer.status_code == 200


def test_sign_ins_that_are_never_finished_leave_readers_in_peace(service: Any, sockets: Any) -> None:
    head = b"POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
    resting = sockets(40, head)
    assert service.get("/v1/session") == {"role": "reader"}
    assert resting[-1].recv(4_096).startswith(b"HTTP/1.1 429 ")
    assert resting[0].recv(4_096).startswith(b"HTTP/1.1 408 ")
