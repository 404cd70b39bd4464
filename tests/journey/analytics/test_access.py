"""Nothing is readable without signing in; guessing is slow; pages of other sites get nothing."""

import sqlite3
import stat
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

COOKIE = "jcode_watcher_session"
FAILURES_MAX = 3


@pytest.fixture
def browser(service: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url) as client:
        yield client


def reader_token(service: Any) -> str:
    return str((service.data / "tokens/reader").read_text().strip())


def test_nothing_is_readable_without_signing_in(service: Any) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    asked = 0
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if described["security"] and path != "/v1/live":
                answer = httpx.request(method, service.url + path.replace("{", "").replace("}", ""))
                assert (answer.status_code, list(answer.json())) == (401, ["error"]), path
                asked += 1
    assert asked == 10


def test_tokens_are_for_their_owner_alone_and_kept_as_hashes(service: Any) -> None:
    folder = service.data / "tokens"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(service.data.stat().st_mode) == 0o700
    database = b"".join(path.read_bytes() for path in service.data.glob("control.sqlite3*"))
    for role in ("agent", "reader"):
        assert stat.S_IMODE((folder / role).stat().st_mode) == 0o600
        token = (folder / role).read_text().strip()
        assert len(token) >= 43
        assert token.encode() not in database
        assert token not in service.log()


def test_what_students_wrote_is_for_the_services_owner_alone_in_anybodys_folder(
    services: Any, event: Any
) -> None:
    service = services("others")
    service.data.mkdir(mode=0o755)
    service.start()
    service.post([event()])
    written = list(service.data.iterdir())
    assert {"control.sqlite3", "store"} <= {path.name for path in written}
    assert not [path for path in written if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_tokens_stay_over_restarts_and_are_not_printed_to_a_pipe(services: Any) -> None:
    service = services("first")
    service.start()
    tokens = [(service.data / "tokens" / role).read_text() for role in ("agent", "reader")]
    process = service.process
    process.terminate()
    printed = process.stdout.read()
    service.ended()
    assert str(service.data / "tokens/reader") in printed
    assert all(token.strip() not in printed + service.log() for token in tokens)
    service.start()
    assert [(service.data / "tokens" / role).read_text() for role in ("agent", "reader")] == tokens
    assert service.get("/v1/sections") == {"sections": []}


def test_an_operators_own_token_is_taken_over(services: Any) -> None:
    service = services("own")
    (service.data / "tokens").mkdir(parents=True, mode=0o700)
    (service.data / "tokens/reader").write_text("an-operator-chose-this-long-token-0123\n")
    service.start()
    own = {"Authorization": "Bearer an-operator-chose-this-long-token-0123"}
    assert httpx.get(f"{service.url}/v1/sections", headers=own).status_code == 200


def test_a_browser_signs_in_reads_and_signs_out(service: Any, browser: httpx.Client) -> None:
    assert browser.get("/v1/session").status_code == 401
    answer = browser.post("/v1/session", json={"token": reader_token(service)})
    assert answer.status_code == 204
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert "secure" not in attributes
    assert browser.get("/v1/session").json() == {"role": "reader"}
    assert browser.get("/v1/sections").status_code == 200
    assert browser.post("/v1/batches", content=b"{}").status_code == 403

    value = browser.cookies[COOKIE]
    assert browser.delete("/v1/session").status_code == 204
    assert browser.get("/v1/session").status_code == 401
    still = {"Cookie": f"{COOKIE}={value}"}
    assert httpx.get(f"{service.url}/v1/sections", headers=still).status_code == 401


def test_the_cookie_is_secure_when_the_request_came_by_https(service: Any, browser: httpx.Client) -> None:
    origin = service.url.replace("http://", "https://").rstrip("/")
    answer = browser.post("/v1/session", json={"token": reader_token(service)}, headers={"Origin": origin})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_session_outlives_a_restart_and_ends_at_its_time(services: Any) -> None:
    service = services("sessions")
    service.start()
    with httpx.Client() as browser:
        browser.post(f"{service.url}/v1/session", json={"token": reader_token(service)})
        service.stop()
        service.start()
        assert browser.get(f"{service.url}/v1/sections").status_code == 200
        service.stop()
        with sqlite3.connect(service.data / "control.sqlite3") as control:
            control.execute("UPDATE browser_sessions SET expires = 1")
        control.close()
        service.start()
        assert browser.get(f"{service.url}/v1/sections").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}],
    ids=["origin", "null", "host"],
)
def test_another_sites_page_may_neither_sign_in_nor_out_nor_read(
    service: Any, browser: httpx.Client, headers: dict[str, str]
) -> None:
    token = {"token": reader_token(service)}
    assert browser.post("/v1/session", json=token, headers=headers).status_code == 403
    assert browser.post("/v1/session", json=token).status_code == 204
    assert browser.delete("/v1/session", headers=headers).status_code == 403
    assert browser.get("/v1/sections", headers=headers).status_code == 403
    assert browser.get("/v1/session").status_code == 200


@pytest.mark.parametrize("body", [b"", b"{}", b'{"token": 7}', b"\xff"])
def test_a_sign_in_that_cannot_be_read_is_refused(service: Any, body: bytes) -> None:
    assert httpx.post(f"{service.url}/v1/session", content=body).status_code == 400


def test_a_huge_sign_in_is_refused(service: Any) -> None:
    assert httpx.post(f"{service.url}/v1/session", content=b" " * 100_000).status_code == 413


def test_guessing_is_slowed_down(services: Any) -> None:
    service = services("guessed")
    service.flags = ["--sign-in-failures-max", str(FAILURES_MAX)]
    service.start()
    agent = (service.data / "tokens/agent").read_text().strip()
    with httpx.Client(base_url=service.url) as browser:
        for guess in ("wrong", "", agent):
            assert browser.post("/v1/session", json={"token": guess}).status_code == 401
        refused = browser.post("/v1/session", json={"token": "wrong again"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        assert service.metric("sign_in_failures_total", status="401") == FAILURES_MAX
        assert service.metric("sign_in_failures_total", status="429") == 1
        # Behind a proxy all browsers have one address: who knows the token is never locked out.
        assert browser.post("/v1/session", json={"token": reader_token(service)}).status_code == 204
    assert service.get("/v1/sections") == {"sections": []}
