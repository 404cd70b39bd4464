"""What the texts that several programs take may be."""

from typing import Any

import msgspec
import pytest

from jcode_watcher.settings.texts import (
    HostName,
    HostnamePrefix,
    ListenAddress,
    ListenHost,
    NodeName,
    Origin,
    Url,
    UrlWithPath,
)

CASES: list[tuple[Any, list[str], list[str]]] = [
    (NodeName, ["n1", "a.b-c", "x" * 253], ["", " ", "a b", "a\nb", "n1\n", "\u00e9", "x" * 254, "\x7f"]),
    (HostnamePrefix, ["jcode-", "x" * 64], ["", "a b", "jcode-\n", "x" * 65]),
    (
        HostName,
        ["a", "a.b", "a_b.c-d.", "x" * 253, "127.0.0.1", "::1", "[::1]"],
        ["", "a:80", "http://a", "a/b", "a b", "a\n", "-a", "a-", "a..b", ".a", "a.-b", "x" * 254],
    ),
    (ListenHost, ["localhost", "0.0.0.0", "::", "fe80::1%eth0"], ["", "[::1]", "a:80", "a b"]),
    (
        ListenAddress,
        ["localhost:0", "127.0.0.1:65535", "[::1]:80", "a_b:1"],
        ["", "a", ":80", "a:", "a:65536", "a:-1", "::1:80", "http://a:80", "a:80\n", "a:\u0663"],
    ),
    (
        Origin,
        ["https://ide.example.org", "http://localhost:8080", "http://[::1]:3000"],
        ["x", "*", "null", "https://a/", "https://A.org", "https://a b", "https://a:65536", "https://a?b"],
    ),
    (
        Url,
        ["https://kubernetes.default.svc", "http://[::1]:6443"],
        ["http://", "http://a/", "http://u@a"],
    ),
    (
        UrlWithPath,
        ["http://a", "https://a:8443/watch", "http://a/"],
        [
            "http://",
            "http://:80",
            "http://a:99999",
            "http://u:p@a",
            "http://a/b c",
            "http://a/?b",
            "http://a\n",
        ],
    ),
]


@pytest.mark.parametrize(("kind", "good", "bad"), CASES)
def test_a_text_is_accepted_or_refused(kind: Any, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert msgspec.convert(text, kind) == text
    for text in bad:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)
