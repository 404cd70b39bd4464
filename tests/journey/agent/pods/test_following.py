"""The follower beside a server that does what servers do: change, cut, forget, refuse, crawl and vanish."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.journey.agent.pods.conftest import Following
from tests.journey.agent.pods.twin import Twin, pod, until

from jcode_watcher.agent.pods import api, following
from jcode_watcher.agent.pods.pod import Pod
from jcode_watcher.agent.pods.table import GONE_SECONDS

Follow = Callable[..., Following]


def test_pods_of_the_list_and_of_the_watch_are_known(twin: Twin, follow: Follow) -> None:
    twin.add(pod("u1", "p1", {"group": "b", "mail": "kim@example.org"}))
    found = follow()
    until(lambda: found.connected)
    assert found.table.find("u1") == Pod("p1", "ReplicaSet/p1-rs", {"group": "b"})
    assert found.name("late") is None

    twin.add(pod("late", "p2"))

    until(lambda: found.name("late") == "p2")
    assert found.follower.lists == 1
    assert {"limit": "500", "resourceVersion": "0"}.items() <= twin.requests[0].items()


def test_a_watch_that_is_cut_in_a_line_goes_on_where_it_stood(twin: Twin, follow: Follow) -> None:
    found = follow()
    until(lambda: twin.watches)
    twin.add(pod("u1", "p1"))
    until(lambda: found.name("u1"))

    twin.cut(b'{"type":"ADDED","object":{"metadata":{"uid":"cut","na')
    until(lambda: found.errors("connection") or found.errors("bad_line"))
    twin.add(pod("u2", "p2"))

    until(lambda: found.name("u2") == "p2")
    assert found.table.find("cut") is None
    assert (found.follower.lists, twin.lists) == (1, 1)
    assert twin.requests[-1]["resourceVersion"] >= "101"


def test_a_watch_that_ends_in_its_time_is_no_trouble_and_goes_on(
    twin: Twin, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "WATCH_SECONDS", 1)
    found = follow()
    until(lambda: twin.watches)
    twin.add(pod("u1", "p1"))
    until(lambda: sum("watch" in query for query in twin.requests) >= 2)

    twin.add(pod("u2", "p2"))

    until(lambda: found.name("u2") == "p2")
    assert found.connected
    assert (found.follower.lists, found.follower.trouble, dict(found.follower.errors)) == (1, None, {})
    assert [query for query in twin.requests if "watch" in query][1]["resourceVersion"] == "101"


def test_what_was_deleted_while_nobody_watched_is_gone_after_the_list(twin: Twin, follow: Follow) -> None:
    now = [0.0]
    twin.add(pod("stays", "p1"), pod("goes", "p2"))
    found = follow(clock=lambda: now[0])
    until(lambda: found.connected)
    twin.away()
    until(lambda: not found.connected)
    twin.pods.pop("goes")
    twin.forget_history()
    twin.open()

    until(lambda: found.follower.lists == 2 and found.connected)

    assert found.errors("expired") == 1
    assert found.name("goes") == "p2"
    now[0] = GONE_SECONDS
    twin.add(pod("new", "p3"))
    until(lambda: found.name("new"))
    found.table.forget()
    assert (found.name("goes"), found.name("stays")) == (None, "p1")
    # After a 410 the server's cache, which may be what is behind, is not asked.
    assert "resourceVersion" not in [query for query in twin.requests if "watch" not in query][1]


def test_a_410_within_the_watch_lists_anew(twin: Twin, follow: Follow) -> None:
    found = follow()
    until(lambda: twin.watches)
    twin.pods["u1"] = pod("u1", "unheard")

    twin.say(b'{"type":"ERROR","object":{"kind":"Status","metadata":{},"code":410}}\n')

    until(lambda: found.name("u1") == "unheard")
    assert found.follower.lists == 2


def test_a_server_that_forgets_at_once_is_asked_ever_more_slowly(twin: Twin, follow: Follow) -> None:
    twin.oldest = 10**9
    found = follow(pause_seconds=5.0)
    until(lambda: found.errors("expired") >= 3)
    # 0.2 s, 0.4 s, 0.8 s of pauses, whatever the machine does.
    assert twin.lists <= 5


def test_after_a_bookmark_the_watch_goes_on_from_there(twin: Twin, follow: Follow) -> None:
    found = follow()
    until(lambda: twin.watches)
    twin.version = 5_000
    twin.bookmark()
    twin.cut()
    until(lambda: found.errors("connection"))
    until(lambda: twin.requests[-1].get("resourceVersion") == "5001")
    assert found.follower.lists == 1


def test_a_refused_token_is_read_anew(
    twin: Twin, follow: Follow, account: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin.add(pod("u1", "p1"))
    twin.token = "second"
    found = follow()
    until(lambda: found.errors("unauthorized") >= 3)
    assert not found.connected

    (account / "token").write_text("second")

    until(lambda: found.name("u1") == "p1" and found.connected)
    assert found.follower.trouble is None
    said = capsys.readouterr().out
    assert (said.count("names of pods have to wait"), said.count("pods are followed")) == (1, 1)


def test_a_server_that_was_away_for_long_is_found_again(twin: Twin, follow: Follow) -> None:
    twin.away()
    found = follow()
    until(lambda: found.errors("connection") >= 5)
    assert found.table.find("u1") is None

    twin.open()
    twin.add(pod("u1", "p1"))

    until(lambda: found.name("u1") == "p1")


def test_a_server_that_crawls_is_given_up_and_asked_again(
    twin: Twin, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LIST_SECONDS_MAX", 0.1)
    twin.delay_seconds = 60.0
    found = follow()
    until(lambda: found.errors("timeout") >= 2)

    twin.delay_seconds = 0.0
    monkeypatch.setattr(api, "LIST_SECONDS_MAX", 10.0)
    twin.add(pod("u1", "p1"))

    until(lambda: found.name("u1") == "p1")


def test_five_thousand_pods_come_in_pages(twin: Twin, follow: Follow) -> None:
    twin.pods = {f"u{n}": pod(f"u{n}", f"p{n}") for n in range(5_000)}
    found = follow()
    until(lambda: found.connected)

    assert len(found.table) == 5_000
    assert found.name("u4999") == "p4999"
    assert (found.follower.lists, len(twin.requests)) == (1, 11)


def test_a_deleted_pod_is_still_known_to_events_that_come_late(twin: Twin, follow: Follow) -> None:
    twin.add(pod("u1", "p1"))
    found = follow()
    until(lambda: twin.watches)
    twin.delete("u1")
    twin.add(pod("u2", "p2"))
    until(lambda: found.name("u2"))

    assert found.name("u1") == "p1"


def test_lines_that_cannot_be_read_harm_nothing_and_are_mended_by_a_list(
    twin: Twin, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LINE_BYTES_MAX", 1_000)
    found = follow()
    until(lambda: twin.watches)
    twin.pods["u1"] = pod("u1", "told unreadably")
    twin.say(b'{"type":"ADDED"\n' + b"x" * 100_000 + b"\n")
    twin.add(pod("u2", "p2"))
    until(lambda: found.name("u2") == "p2")
    assert found.name("u1") is None

    twin.cut()

    until(lambda: found.name("u1"))
    assert (found.errors("bad_line"), found.errors("line_too_long")) == (1, 1)


def test_a_list_beyond_every_size_is_refused(
    twin: Twin, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PAGE_BYTES_MAX", 10_000)
    twin.pods = {f"u{n}": pod(f"u{n}", "x" * 200) for n in range(100)}
    found = follow()

    until(lambda: found.errors("too_large") >= 2)

    assert len(found.table) == 0


@pytest.mark.parametrize(("status", "reason"), [(403, "forbidden"), (500, "http_500"), (302, "http_302")])
def test_every_refusal_has_its_reason(twin: Twin, follow: Follow, status: int, reason: str) -> None:
    twin.status = status
    found = follow()
    until(lambda: found.errors(reason) >= 2)
    twin.status = None
    until(lambda: found.connected)


def test_nobody_with_another_certificate_gets_the_token(twin: Twin, follow: Follow, account: Path) -> None:
    (account / "ca.crt").unlink()
    found = follow()
    until(lambda: found.errors("tls") >= 2)
    assert not twin.requests
