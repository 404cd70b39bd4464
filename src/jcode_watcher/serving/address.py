"""Where a program listens."""

import errno
import socket
from typing import NamedTuple

PORT_MAX = 65_535
BACKLOG = 1_024


class CannotListen(Exception):
    """The address cannot be had. Who must act: the operator."""

    exit_status = 2


class Address(NamedTuple):
    """A host name or IP address, and a TCP port; port 0 lets the kernel choose."""

    host: str
    port: int

    def __str__(self) -> str:
        """Give `HOST:PORT` as it stands in an URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read `HOST:PORT` or `[IPV6]:PORT`; CannotListen if it is neither."""
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise CannotListen(f"address {text!r}: an IPv6 address stands in brackets, as in [::1]:8000")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
        raise CannotListen(f"address {text!r}: give HOST:PORT with a port of 0 to {PORT_MAX}")
    return Address(host, int(port))


def listen(address: Address) -> socket.socket:
    """Give a listening TCP socket; CannotListen says in one line why not."""
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise CannotListen(
            f"address {address}: {str(error.strerror).lower()}; give an address of this machine"
        ) from None
    family, _, _, _, place = found[0]
    try:
        return socket.create_server(place, family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(f"address {address}: {reason(error)}") from None


def reason(error: OSError) -> str:
    """Say what to do about a refused bind."""
    if error.errno == errno.EADDRINUSE:
        return "another program listens there; stop it or choose another port"
    if error.errno == errno.EADDRNOTAVAIL:
        return "no interface of this machine has this address; use 127.0.0.1 or 0.0.0.0"
    if error.errno == errno.EACCES:
        return "ports below 1024 need root; choose a higher one"
    return (error.strerror or str(error)).lower()
