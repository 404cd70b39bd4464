"""Who may ask."""

import pytest

from jcode_watcher.serving import OwnNames, refusal_of_request

OWN = OwnNames(["watcher.example"])


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8080", None),
        ("localhost", None),
        ("[::1]:8080", None),
        ("127.9.9.9:8080", None),
        ("watcher.example", None),
        ("WATCHER.example:80", None),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8080", "http://localhost:8080"),
        ("watcher.example", "http://watcher.example"),
        ("watcher.example", "https://watcher.example"),
        ("[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_own_pages_and_programs_may_ask(host: str, origin: str | None) -> None:
    assert refusal_of_request(host, origin, OWN) is None


@pytest.mark.parametrize(
    ("host", "origin", "named"),
    [
        (None, None, "Host"),
        ("", None, "Host"),
        ("evil.example", None, "Host"),
        ("evil.example:8080", "http://evil.example:8080", "Host"),
        ("127.0.0.1.evil.example", None, "Host"),
        ("[::1", None, "Host"),
        ("127.0.0.1:8080", "http://evil.example", "Origin"),
        ("127.0.0.1:8080", "http://127.0.0.1:8081", "Origin"),
        ("127.0.0.1:8080", "http://127.0.0.1", "Origin"),
        ("127.0.0.1:8080", "null", "Origin"),
        ("127.0.0.1:8080", "", "Origin"),
        ("127.0.0.1:8080", "file://", "Origin"),
        ("127.0.0.1:8080", "http://127.0.0.1:99999", "Origin"),
        ("127.0.0.1:8080", "chrome-extension://abc", "Origin"),
    ],
)
def test_other_sites_and_rebound_names_are_refused(host: str | None, origin: str | None, named: str) -> None:
    refusal = refusal_of_request(host, origin, OWN)
    assert refusal is not None
    assert refusal.startswith(named)
