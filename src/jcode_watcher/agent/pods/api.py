"""Asks the Kubernetes API: `GET /api/v1/pods` of one node, as a list in pages and as a watch.

https://kubernetes.io/docs/reference/using-api/api-concepts/ tells of lists, watches, bookmarks and 410.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import aiohttp

from jcode_watcher.agent.delivery.backoff import seconds_in
from jcode_watcher.agent.delivery.reasons import why_no_answer
from jcode_watcher.agent.pods.account import Account
from jcode_watcher.agent.pods.errors import Expired, Unusable
from jcode_watcher.agent.pods.wire import ACCEPT_LIST, ACCEPT_WATCH, GONE, Page, page_in

PAGE_PODS: Final = 500
PAGE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Servers before Kubernetes 1.33 may answer from their cache with all pods at once."""
CHUNK_BYTES: Final = 65_536
LIST_SECONDS_MAX: Final = 60.0
CONNECT_SECONDS_MAX: Final = 10.0
WATCH_SECONDS: Final = 180
"""After this time the server ends a watch, and a connection that nobody told us is dead is found out."""
WATCH_GRACE_SECONDS: Final = 20.0

REASONS: Final = {401: "unauthorized", 403: "forbidden"}


class PodsApi:
    """The pods of one node. What goes wrong is Unusable, or Expired."""

    def __init__(self, session: aiohttp.ClientSession, url: str, account: Account, node: str) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/api/v1/pods"
        self._account = account
        self._node = node

    async def page(self, *, version: str | None, continuing: str) -> Page:
        """Give a page of the list; `version` "0" lets the server answer from its cache."""
        query = {"limit": str(PAGE_PODS)}
        if continuing:
            query["continue"] = continuing
        elif version is not None:
            query["resourceVersion"] = version
        patience = aiohttp.ClientTimeout(total=LIST_SECONDS_MAX, sock_connect=CONNECT_SECONDS_MAX)
        async with self._asked(query, ACCEPT_LIST, patience) as response:
            body = bytearray()
            async for part in response.content.iter_chunked(CHUNK_BYTES):
                body += part
                if len(body) > PAGE_BYTES_MAX:
                    raise Unusable("too_large", f"{self._url}: a list of more than {PAGE_BYTES_MAX} bytes")
            return page_in(bytes(body))

    @asynccontextmanager
    async def watch(self, version: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a watch from a version on; give its bytes as they come."""
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(WATCH_SECONDS),
        }
        patience = aiohttp.ClientTimeout(
            total=WATCH_SECONDS + WATCH_GRACE_SECONDS, sock_connect=CONNECT_SECONDS_MAX
        )
        async with self._asked(query, ACCEPT_WATCH, patience) as response:
            yield response.content.iter_any()

    @asynccontextmanager
    async def _asked(
        self, query: dict[str, str], accept: str, patience: aiohttp.ClientTimeout
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request; only a 200 is given."""
        try:
            async with self._session.get(
                self._url,
                params={"fieldSelector": f"spec.nodeName={self._node}", **query},
                headers=self._headers(accept),
                ssl=self._account.trust(),
                timeout=patience,
                allow_redirects=False,
            ) as response:
                self._refuse(response)
                yield response
        except TimeoutError:
            raise Unusable("timeout", f"{self._url}: no answer in time") from None
        except aiohttp.ClientSSLError as error:
            raise Unusable("tls", f"{self._url}: {why_no_answer(error)}") from None
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise Unusable("connection", f"{self._url}: {why_no_answer(error)}") from None

    def _headers(self, accept: str) -> dict[str, str]:
        # Uncompressed, so that what comes is as long as it was sent.
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        # A token does not travel in the clear: `kubectl proxy` and its like add their own.
        if self._url.startswith("https:"):
            headers["Authorization"] = f"Bearer {self._account.token()}"
        return headers

    def _refuse(self, response: aiohttp.ClientResponse) -> None:
        if response.status == GONE:
            raise Expired
        if response.status != HTTPStatus.OK:
            reason = REASONS.get(response.status, f"http_{response.status}")
            raise Unusable(
                reason,
                f"{self._url} answers {response.status} {response.reason}",
                seconds_in(response.headers.get("Retry-After")),
            )
