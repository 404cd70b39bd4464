"""The service's manners: probes, metrics, headers, its own description, and refusals to start."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest


def test_probes_and_metrics_need_no_token(service: Any, event: Any) -> None:
    assert httpx.get(f"{service.url}/livez").json() == {"writer": "ok"}
    assert httpx.get(f"{service.url}/readyz").json() == {"writer": "ok", "store": "ok"}
    service.post([event(), event()])
    metrics = httpx.get(f"{service.url}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert service.metric("batches_total", status="200") == 1
    assert service.metric("events_total", result="stored") == 2
    assert service.metric("store_rows") == 2
    assert service.metric("commit_seconds_count") == 1


def test_every_documented_path_is_served_and_every_refusal_is_documented(service: Any) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        if path == "/v1/live":
            continue
        for method, described in methods.items():
            url = service.url + re.sub(r"\{.*?\}", "os-1", path)
            answer = httpx.request(method, url, headers=service.token("reader"))
            assert str(answer.status_code) in described["responses"], (method, path, answer.status_code)


@pytest.mark.parametrize("path", ["/", "/v1/sections", "/v1/nothing", "/livez"])
def test_every_answer_carries_the_headers_that_protect_browsers(service: Any, path: str) -> None:
    headers = httpx.get(service.url + path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if path == "/" else "no-store")


def test_the_first_page_is_the_dashboard_or_says_how_to_get_it(service: Any) -> None:
    answer = httpx.get(f"{service.url}/")
    assert answer.status_code == 200
    assert "<html" in answer.text or "make build" in answer.text


def test_a_method_that_is_not_served_is_refused_in_json(service: Any) -> None:
    answer = httpx.put(f"{service.url}/v1/sections", headers=service.token("reader"))
    assert (answer.status_code, list(answer.json())) == (405, ["error"])


@pytest.mark.parametrize(
    ("data", "listen", "says"),
    [
        ("file/below", "127.0.0.1:0", "--data"),
        ("what?", "127.0.0.1:0", "question mark"),
        ("a\n\udcff", "127.0.0.1:0", "a\\n\\udcff/store: the store's folder must have a name in UTF-8"),
        ("data", "nonsense", "HOST:PORT"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line(
    tmp_path: Path, data: str, listen: str, says: str
) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "jcode_watcher", "serve", "--data", str(tmp_path / data)]
    ended = subprocess.run(
        [*command, "--listen", listen], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1
