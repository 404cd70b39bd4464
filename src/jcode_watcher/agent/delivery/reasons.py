"""Why a server gave no answer, in plain words: aiohttp's speak of TLS where there is none."""

import os
import re
import socket
import ssl
from typing import Final

import aiohttp

TLS: Final = re.compile(r"(?:\[[^]]*\] )?(.*?)(?: \(_ssl\.c:\d+\))?", re.DOTALL)
"""How OpenSSL's words stand between its names and its line."""


CUT_OFF: Final = "the server closed the connection"


def why_no_answer(error: Exception) -> str:
    """Say which server could not be asked, or what it did in place of an answer."""
    match error:
        case aiohttp.ClientConnectorError():
            reason = f"cannot connect to {place(error.host, error.port)}: {system_reason(error.os_error)}"
        case aiohttp.ServerDisconnectedError():
            reason = f"{CUT_OFF} before it answered"
        case aiohttp.ClientPayloadError():
            reason = f"{CUT_OFF} in the middle of its answer"
        case aiohttp.ClientResponseError():
            reason = f"what answers speaks no HTTP: {first_line(error.message)}"
        case UnicodeError():
            reason = "no name of a host"
        case OSError():
            reason = system_reason(error.__cause__ if isinstance(error.__cause__, OSError) else error)
        case _:
            reason = first_line(str(error)) or type(error).__name__
    return reason


def system_reason(error: OSError) -> str:
    """Say why the operating system, or the other side's TLS, refused."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not accepted: {error.verify_message.rstrip('.')}"
        case ssl.SSLError():
            return f"TLS failed: {tls_reason(error)}"
        case socket.gaierror():
            return f"the name is not found: {lowered(error.strerror or '')}"
        case OSError(errno=int(number)):
            return lowered(os.strerror(number))
        case _:
            # As asyncio ends a handshake.
            return first_line(str(error)) or CUT_OFF


def tls_reason(error: ssl.SSLError) -> str:
    """Give OpenSSL's own words; what it says where the other side speaks no TLS is known to few."""
    if error.reason == "WRONG_VERSION_NUMBER":
        return "what answers speaks no TLS"
    found = TLS.fullmatch(error.strerror or str(error))
    return found[1] if found else str(error)


def place(host: str, port: int | None) -> str:
    """Write a host and a port as in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def first_line(text: str) -> str:
    """Begin as what others say of it begins; the rest quotes what came, over several lines."""
    return lowered(text.strip().split("\n", 1)[0].strip().rstrip(":"))


def lowered(text: str) -> str:
    """Go on in the middle of a sentence."""
    return text[:1].lower() + text[1:]
