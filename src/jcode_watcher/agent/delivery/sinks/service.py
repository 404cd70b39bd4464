"""Delivers to the service: `POST /v1/batches`, JSON under zstd."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Final

import aiohttp
import msgspec
import zstandard

from jcode_watcher.agent.delivery.backoff import seconds_in
from jcode_watcher.agent.delivery.reasons import why_no_answer
from jcode_watcher.agent.delivery.sink import Outcome, Stored, TooLarge, Unauthorized, Unavailable, Unreadable
from jcode_watcher.agent.delivery.token import read_token
from jcode_watcher.agent.spool import Spooled
from jcode_watcher.events import Receipt
from jcode_watcher.settings import CannotRead

ZSTD_LEVEL: Final = 3
ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
REASON_CHARACTERS_MAX: Final = 500
TIMEOUT: Final = aiohttp.ClientTimeout(total=60, sock_connect=10)

RECEIPT = msgspec.json.Decoder(Receipt)


class Refusal(msgspec.Struct):
    """How the service says no."""

    error: str


REFUSAL = msgspec.json.Decoder(Refusal)


class ServiceSink:
    """The service at a URL. The token is read anew for each attempt, so that it can be changed."""

    def __init__(
        self, session: aiohttp.ClientSession, server: str, token_file: Path, executor: Executor
    ) -> None:
        """Take the executor that compresses, which is no work for the event loop."""
        self._session = session
        self._url = server.rstrip("/") + "/v1/batches"
        self._token_file = token_file
        self._executor = executor

    async def send(self, events: Sequence[Spooled]) -> Outcome:
        """Deliver a batch once; whatever goes wrong is an outcome."""
        name = batch_id(events)
        try:
            body = await asyncio.get_running_loop().run_in_executor(self._executor, packed, name, events)
            async with self._session.post(
                self._url, data=body, headers=self._headers(), timeout=TIMEOUT, allow_redirects=False
            ) as response:
                answer = await body_of(response)
                return outcome(response.status, answer, response.headers.get("Retry-After"), name, events)
        except TimeoutError:
            return Unavailable("timeout", f"{self._url}: no answer in time")
        except CannotRead as error:
            return Unavailable("token", str(error))
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            return Unavailable("connection", f"{self._url}: {why_no_answer(error)}")

    def _headers(self) -> dict[str, str]:
        token = read_token(self._token_file)
        return {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "zstd",
        }


def batch_id(events: Sequence[Spooled]) -> str:
    """Name a batch by what is in it: the same after every retry."""
    return f"{events[0].id}-{events[-1].id}"


def packed(name: str, events: Sequence[Spooled]) -> bytes:
    """Give the body of a request."""
    head = b'{"batch_id":' + msgspec.json.encode(name) + b',"events":['
    text = head + b",".join(event.json for event in events) + b"]}"
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(text)


async def body_of(response: aiohttp.ClientResponse) -> bytes:
    """Give the answer's body, cut at its limit."""
    parts = bytearray()
    async for part in response.content.iter_chunked(65_536):
        parts += part
        if len(parts) > ANSWER_BYTES_MAX:
            response.close()
            break
    return bytes(parts)


def outcome(
    status: int, body: bytes, retry_after: str | None, name: str, events: Sequence[Spooled]
) -> Outcome:
    """Read an answer. What the service would not say is taken for something in between, and tried again."""
    said = refusal_in(body)
    match status:
        case 200:
            return receipt_in(body, name, events)
        case 400 if said is not None:
            return Unreadable(said)
        case 413:
            return TooLarge(said or "the batch is too large")
        case 401 | 403:
            return Unauthorized(f"{status}: {said or 'no reason given'}")
        case _:
            return Unavailable(
                f"http_{status}", f"{status}: {said or 'no reason given'}", seconds_in(retry_after)
            )


def receipt_in(body: bytes, name: str, events: Sequence[Spooled]) -> Outcome:
    """Read a receipt; what is none must not let go of events."""
    try:
        receipt = RECEIPT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Unavailable("bad_receipt", f"not a receipt: {error}")
    if receipt.batch_id != name or any(not 0 <= bad.index < len(events) for bad in receipt.rejected):
        return Unavailable("bad_receipt", f"a receipt for another batch, {receipt.batch_id!r}")
    refused = {events[bad.index].position: bad.reason for bad in receipt.rejected}
    return Stored(receipt.stored, receipt.repeated, refused)


def refusal_in(body: bytes) -> str | None:
    """Give the service's own words; None where it was not the service that answered."""
    try:
        return REFUSAL.decode(body).error[:REASON_CHARACTERS_MAX]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
