"""Events in order, streamed: everything unless a limit is given, from bounded pages."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from jcode_watcher.analytics.answers import JSON
from jcode_watcher.analytics.api.query import limit_of, names_of, selection_of, window_of
from jcode_watcher.analytics.services import services_of
from jcode_watcher.analytics.store import Store
from jcode_watcher.analytics.store.timeline import START, Found, Place, Selection, page
from jcode_watcher.events import Envelope

OF_NO_STUDENT = Selection(course="", section="", student="")


class Timeline(msgspec.Struct):
    """Answer of `GET /v1/timeline`. A save's `content` is null: fetch it by its `sha256`."""

    events: list[Envelope]
    next: str | None
    """Cursor for `after=`; null unless `limit` was given and more remain."""


async def get_timeline(request: Request) -> Response:
    """Give the events of a student, or of a whole section, in the order in which they happened."""
    services_of(request).access.reader(request)
    return await streamed(request, selection_of(request))


async def get_monitor(request: Request) -> Response:
    """Give what the agents say of themselves: when they looked, and each gap in what they saw."""
    services_of(request).access.reader(request)
    return await streamed(
        request, window_of(request, OF_NO_STUDENT)._replace(nodes=names_of(request, "node"))
    )


async def streamed(request: Request, selection: Selection) -> Response:
    """Answer with a selection of events, in pages."""
    services, limit = services_of(request), limit_of(request)
    after = request.query_params.get("after")
    start = START if after is None else Place.of_cursor(after)
    # The first page is read before the answer begins, so that a store that fails can still be told by status.
    first = await next_page(services.store, selection, start, limit)
    return StreamingResponse(text_of(services.store, selection, first, limit), media_type=JSON)


class Page(NamedTuple):
    """Some events, and how many were asked for: fewer found means that no more remain."""

    found: list[Found]
    asked: int


async def next_page(store: Store, selection: Selection, after: Place, left: int | None) -> Page:
    """Read one page, and one event more where a limit falls into it: it tells whether more remain."""
    size = selection.page_events if left is None else min(selection.page_events, left + 1)
    return Page(await store.read(lambda connection: page(connection, selection, after, size)), size)


async def text_of(store: Store, selection: Selection, read: Page, limit: int | None) -> AsyncIterator[bytes]:
    """Give the answer's JSON text in parts, reading on while the limit, if any, leaves room."""
    yield b'{"events":['
    cursor, left, last, separator = None, limit, START, ""
    while read.found:
        given = read.found[:left]
        if given:
            yield (separator + ",".join(event.envelope for event in given)).encode()
            last, separator = given[-1].place, ","
        if len(given) < len(read.found):
            cursor = last.cursor()
            break
        if len(read.found) < read.asked:
            break
        left = None if left is None else left - len(given)
        read = await next_page(store, selection, last, left)
    yield b'],"next":' + msgspec.json.encode(cursor) + b"}"
