"""Why there was no answer is said in words that hold, whatever aiohttp makes of it."""

import asyncio
import socket
import ssl
import struct
import subprocess
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from jcode_watcher.agent.delivery.reasons import CUT_OFF, why_no_answer

Server = Callable[[StreamReader, StreamWriter], Awaitable[None]]
WAIT = aiohttp.ClientTimeout(total=10)


def asked(
    url: str, server: Server | None = None, tls: ssl.SSLContext | None = None, trust: Path | None = None
) -> str:
    """Ask a server on a port of its own, which stands for `{port}`; give why there was no answer."""

    async def ask() -> str:
        listening = await asyncio.start_server(server or closing, "127.0.0.1", 0, ssl=tls)
        port = listening.sockets[0].getsockname()[1]
        context = ssl.create_default_context(cafile=trust)
        async with listening, aiohttp.ClientSession() as session:
            try:
                async with session.post(
                    url.format(port=port), data=b"x", timeout=WAIT, ssl=context
                ) as answer:
                    await answer.read()
            except (aiohttp.ClientError, OSError, UnicodeError) as error:
                return why_no_answer(error).replace(str(port), "PORT")
        return "answered"

    return asyncio.run(ask())


async def closing(_: StreamReader, writer: StreamWriter) -> None:
    writer.close()


async def resetting(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.read(1)
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def saying(text: bytes) -> Server:
    async def say(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1)
        writer.write(text)
        await writer.drain()
        writer.close()

    return say


SSH = saying(b"SSH-2.0-OpenSSH_9.6\r\n")
HALF = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
ALERT = saying(b"\x15\x03\x03\x00\x02\x02\x28")
"""As TLS says that it does not like what it was offered."""
HANGING_UP = saying(b"")
NOT_FOUND = "the name is not found: "


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost with its key, signed by itself."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*made, "-keyout", str(file), "-out", str(file) + ".crt"], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(str(file) + ".crt").read_text())
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(
    ("url", "server", "reason"),
    [
        ("http://127.0.0.1:1/", None, "cannot connect to 127.0.0.1:1: connection refused"),
        ("http://localhost:1/", None, "cannot connect to localhost:1: connection refused"),
        ("https://127.0.0.1:1/", None, "cannot connect to 127.0.0.1:1: connection refused"),
        ("http://255.255.255.255/", None, "cannot connect to 255.255.255.255:80: network is unreachable"),
        ("http://nowhere.invalid/", None, f"cannot connect to nowhere.invalid:80: {NOT_FOUND}"),
        (f"http://{'a' * 70}/", None, "no name of a host"),
        ("http://127.0.0.1:{port}/", closing, "the server closed the connection before it answered"),
        ("http://127.0.0.1:{port}/", resetting, "connection reset by peer"),
        ("http://127.0.0.1:{port}/", HALF, "the server closed the connection in the middle of its answer"),
        ("http://127.0.0.1:{port}/", SSH, "what answers speaks no HTTP: bad status line"),
        (
            "https://127.0.0.1:{port}/",
            resetting,
            "cannot connect to 127.0.0.1:PORT: connection reset by peer",
        ),
        (
            "https://127.0.0.1:{port}/",
            SSH,
            "cannot connect to 127.0.0.1:PORT: TLS failed: what answers speaks no TLS",
        ),
        (
            "https://127.0.0.1:{port}/",
            ALERT,
            "cannot connect to 127.0.0.1:PORT: TLS failed: ",
        ),
        ("https://127.0.0.1:{port}/", HANGING_UP, f"cannot connect to 127.0.0.1:PORT: {CUT_OFF}"),
    ],
)
def test_the_reason_names_the_place_and_what_the_system_said(
    url: str, server: Server | None, reason: str
) -> None:
    said = asked(url, server)
    assert said.startswith(reason)
    assert "ssl:" not in said
    assert "_ssl.c" not in said
    assert "\n" not in said


def test_a_certificate_that_nobody_vouches_for_is_named_as_the_reason(tls: ssl.SSLContext) -> None:
    reason = "its certificate is not accepted: self-signed certificate"
    assert asked("https://127.0.0.1:{port}/", tls=tls) == f"cannot connect to 127.0.0.1:PORT: {reason}"


def test_a_certificate_of_another_host_is_named_as_the_reason(tls: ssl.SSLContext, certificate: Path) -> None:
    said = asked("https://127.0.0.1:{port}/", tls=tls, trust=certificate)
    assert said.startswith("cannot connect to 127.0.0.1:PORT: its certificate is not accepted: ")
    assert said.endswith("not valid for '127.0.0.1'")
