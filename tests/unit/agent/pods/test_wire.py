import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.pods.errors import Unusable
from jcode_watcher.agent.pods.wire import Bookmarked, Changed, Deleted, Failed, change_in, page_in


def test_a_page_gives_its_pods_where_the_list_stands_and_how_it_goes_on() -> None:
    page = page_in(
        b'{"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"7","continue":"abc",'
        b'"remainingItemCount":1},"items":[{"metadata":{"uid":"u","name":"p"},"spec":{"nodeName":"n"}}]}'
    )

    assert page.items is not None
    assert (page.metadata.resource_version, page.metadata.continue_) == ("7", "abc")
    assert [(item.metadata.uid, item.metadata.name) for item in page.items] == [("u", "p")]


@pytest.mark.parametrize("items", [b"null", b"[]"])
def test_a_node_may_have_no_pods(items: bytes) -> None:
    assert not page_in(b'{"metadata":{"resourceVersion":"7"},"items":' + items + b"}").items


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"metadata":{"resourceVersion":"7"},"items":',
        b'{"metadata":{},"items":[]}',
        b'{"metadata":{"resourceVersion":7},"items":[]}',
        b'{"metadata":{"resourceVersion":"7"},"items":[{}]}',
        b"\xff",
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Unusable) as refusal:
        page_in(body)
    assert refusal.value.reason == "bad_list"


@pytest.mark.parametrize(
    ("kind", "change"),
    [("ADDED", Changed), ("MODIFIED", Changed), ("DELETED", Deleted), ("BOOKMARK", Bookmarked)],
)
def test_a_line_tells_what_became_of_a_pod(kind: str, change: type) -> None:
    told = change_in(b'{"type":"%s","object":{"metadata":{"uid":"u","resourceVersion":"9"}}}' % kind.encode())

    assert isinstance(told, change)
    assert isinstance(told, Changed | Deleted | Bookmarked)
    assert (told.metadata.uid, told.metadata.resource_version) == ("u", "9")


def test_an_error_is_the_servers_own_status() -> None:
    line = b'{"type":"ERROR","object":{"kind":"Status","metadata":{},"code":410,"message":"too old"}}'
    assert change_in(line) == Failed(410, "too old")


@pytest.mark.parametrize(
    "line",
    [b"{", b'{"type":"RENAMED","object":{}}', b"[]", b'{"type":1,"object":{}}', b'{"type":"ADDED"}', b"\xff"],
)
def test_a_line_that_tells_nothing_known_is_refused(line: bytes) -> None:
    with pytest.raises(Unusable) as refusal:
        change_in(line)
    assert refusal.value.reason == "bad_line"


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_change_or_refused(line: bytes) -> None:
    try:
        change_in(line)
    except Unusable as refusal:
        assert refusal.reason == "bad_line"  # noqa: PT017 - either outcome is right
