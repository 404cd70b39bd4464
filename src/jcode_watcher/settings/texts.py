"""Texts that several programs take as settings, each with what it may be."""

from typing import Annotated, Final

from msgspec import Meta

LABEL: Final = r"\w(?:[\w-]*\w)?"
NAME: Final = rf"(?=[\w.-]{{1,253}}(?![\w.-])){LABEL}(?:\.{LABEL})*\.?"
IPV6: Final = r"(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}(?:%\w{1,16})?"
HOST: Final = rf"(?:{NAME}|\[{IPV6}\])"
PORT: Final = r"(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))"

NodeName = Annotated[
    str, Meta(pattern=r"^[!-~]{1,253}\Z", extra={"allowed": "a name of 1 to 253 visible ASCII characters"})
]
HostnamePrefix = Annotated[
    str, Meta(pattern=r"^[!-~]{1,64}\Z", extra={"allowed": "1 to 64 visible ASCII characters"})
]
ListenHost = Annotated[
    str,
    Meta(
        pattern=rf"^(?:{NAME}|{IPV6})\Z",
        extra={"allowed": "a host name or address without port, such as 127.0.0.1 or ::1"},
    ),
]
HostName = Annotated[
    str,
    Meta(
        pattern=rf"^(?:{HOST}|{IPV6})\Z",
        extra={"allowed": "a host name or address without port, such as ide.example.org or ::1"},
    ),
]
ListenAddress = Annotated[
    str,
    Meta(
        pattern=rf"^{HOST}{PORT}\Z",
        extra={"allowed": "HOST:PORT with a port of 0 to 65535, such as 127.0.0.1:8000 or [::1]:8000"},
    ),
]
Origin = Annotated[
    str,
    Meta(
        # It is compared with what browsers send, who write all names so.
        pattern=rf"^https?://(?:[a-z0-9](?:[a-z0-9_.-]{{0,251}}[a-z0-9])?|\[[0-9a-f:.]{{2,45}}\]){PORT}?\Z",
        extra={"allowed": "SCHEME://HOST[:PORT] in small letters, such as https://ide.example.org"},
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=rf"^https?://{HOST}{PORT}?\Z",
        extra={"allowed": "http:// or https:// with HOST[:PORT], such as https://kubernetes.default.svc"},
    ),
]
UrlWithPath = Annotated[
    str,
    Meta(
        pattern=rf"^https?://{HOST}{PORT}?(?:/[^\s\x00-\x1f\x7f?#]*)?\Z",
        extra={"allowed": "http:// or https:// with HOST[:PORT][/PATH], such as https://watcher.example.org"},
    ),
]
