"""Who may ask: against pages of other sites (Origin) and against DNS rebinding (Host)."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class OwnNames:
    """Host names under which a program may be addressed: loopback names, and those it was configured with."""

    def __init__(self, configured: Iterable[str] = ()) -> None:
        self._names = LOOPBACK_NAMES | {name.lower().strip("[]") for name in configured}

    def __contains__(self, host: str) -> bool:
        """Tell whether a bare host name, without port, is one of them."""
        return host in self._names or is_loopback(host)


def refusal_of_request(host: str | None, origin: str | None, own: OwnNames) -> str | None:
    """Say in one line why a request is refused (403), or None.

    `host` and `origin` are the headers as received. Without an Origin it is no web page that asks.
    """
    host_name = name_in(f"//{host}") if host else None
    if host_name is None or host_name not in own:
        return f"Host {host!r} is not a name of this server; use a loopback name or configure it"
    if origin is None:
        return None
    if origin == "null" or not same_place(origin, host or "", own):
        return f"Origin {origin!r} is another site; only pages of this server may connect"
    return None


def same_place(origin: str, host: str, own: OwnNames) -> bool:
    """Tell whether an Origin is a page of this very server, reached under any of its names."""
    parts = urlsplit(origin)
    name = name_in(origin)
    if parts.scheme not in {"http", "https"} or name is None or name not in own:
        return False
    return port_in(origin) == port_in(f"{parts.scheme}://{host}")


def name_in(url: str) -> str | None:
    """Give the host name in an URL, lower case, without brackets; None if it has none or is malformed."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def port_in(url: str) -> int | None:
    """Give the port in an URL, the scheme's own where none is written; None if it is malformed."""
    try:
        parts = urlsplit(url)
        return parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Tell whether a host is an address of the loopback range."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
