"""Whatever is asked, the answer is one that the description promises, and never that we are at fault."""

import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcode_watcher.analytics.api.endpoints import ENDPOINTS
from jcode_watcher.analytics.api.openapi import document

READ = [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"]
WORDS = [
    "os",
    "1",
    "os-1",
    "hw1",
    "a.c",
    "%",
    "'",
    "\\",
    "\\x00",
    "{a:String}",
    "\x00",
    "é😀",
    "a" * 3_000,
    "",
]
NUMBERS = ["0", "-1", "1000000", "1000001", "9" * 30, "file.saved,x", "W10", "WzEsImEiLDEsImIiXQ"]
TIMES = [
    "2026-03-02T01:02:03Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999+14:00",
    "2026-02-30T00:00:00Z",
]
LIKELY = st.sampled_from([*WORDS, *NUMBERS, *TIMES])
VALUE = LIKELY | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SEVERAL = st.lists(st.tuples(st.sampled_from(["x", "node", "kinds", "limit", "after"]), VALUE), max_size=3)


@pytest.mark.parametrize("endpoint", READ, ids=lambda endpoint: endpoint.path)
@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_question_gets_a_promised_answer(service: Any, endpoint: Any, data: st.DataObject) -> None:
    asked = [
        (p.name, data.draw(VALUE)) for p in endpoint.parameters if p.required or data.draw(st.booleans())
    ]
    query = [pair for pair in asked if f"{{{pair[0]}}}" not in endpoint.path] + data.draw(SEVERAL)
    path = re.sub(
        r"\{(\w+)\}",
        lambda found: quote(dict(asked)[found[1]], safe=""),
        endpoint.path,
    )
    headers = service.token("reader") | data.draw(
        st.sampled_from([{}, {"Accept": ";q=x,*"}, {"Cookie": "=;="}])
    )
    answer = service.client.get(service.url + path, params=query, headers=headers)
    promised = document()["paths"][endpoint.path]["get"]["responses"]
    assert str(answer.status_code) in {*promised, "404"}, (answer.request.url, answer.text)
    if answer.status_code != httpx.codes.OK and answer.headers["content-type"] == "application/json":
        assert answer.status_code == 503 or "\n" not in answer.json().get("error", "")
