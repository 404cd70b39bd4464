"""Follows the pods of this node for ever: list, watch, and list anew where the watch cannot go on."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import Final

import structlog

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.pods.api import PodsApi
from jcode_watcher.agent.pods.errors import Expired, Unusable
from jcode_watcher.agent.pods.lines import Lines
from jcode_watcher.agent.pods.pod import Metadata, pod_in
from jcode_watcher.agent.pods.table import PodTable
from jcode_watcher.agent.pods.wire import GONE, Bookmarked, Change, Changed, Deleted, Failed, change_in

LOG = structlog.get_logger()

LINE_BYTES_MAX: Final = 2 * 1024 * 1024
"""No object is larger in the API server's store (1.5 MiB)."""
STEADY_SECONDS: Final = 5.0
"""A round that ends sooner is followed by a pause that grows, whatever ended it."""
PAGES_MAX: Final = 100
FROM_CACHE: Final = "0"


class PodFollower:
    """Keeps the table true. Nothing waits for it, and whatever goes wrong is counted and tried again."""

    def __init__(
        self,
        api: PodsApi,
        table: PodTable,
        labels: Sequence[str],
        backoff: Backoff,
    ) -> None:
        """Take the labels that are kept of a pod."""
        self._api = api
        self._labels = tuple(labels)
        self._backoff = backoff
        self._version: str | None = None
        """Up to where all was told; None where a list must say."""
        self._from: str | None = FROM_CACHE
        self._has_missed = False
        self.table = table
        self.connected = False
        """Whether a watch is open, or was and is about to be again."""
        self.trouble: str | None = None
        self.lists = 0
        self.errors: Counter[str] = Counter()
        """What went wrong, by reason."""

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            began = monotonic()
            least_seconds = await self._round()
            self.table.forget()
            if monotonic() - began >= STEADY_SECONDS:
                self._backoff.succeed()
            await asyncio.sleep(self._backoff.pause(least_seconds))

    async def _round(self) -> float | None:
        """List where needed, then watch until the watch ends; give how long the server asks to wait."""
        try:
            if self._version is None:
                self._version = await self._list()
            await self._watch(self._version)
        except Expired as error:
            self.errors[error.reason] += 1
            # The cache of the server that was asked may be the one that is behind.
            self._version = self._from = None
        except Unusable as error:
            self._fail(error.reason, str(error))
            return error.retry_after_seconds
        except Exception:
            # The outermost loop of the follower: the agent must not end, nor the names, for a fault in it.
            LOG.exception("a fault in following pods")
            self._fail("fault", "a fault of the agent's own")
            self._version = None
        return None

    async def _list(self) -> str:
        """Learn of all pods; give the version of the list."""
        self.lists += 1
        uids: set[str] = set()
        continuing, version = "", ""
        for _ in range(PAGES_MAX):
            page = await self._api.page(version=self._from, continuing=continuing)
            version = version or page.metadata.resource_version
            for item in page.items or ():
                uids.add(item.metadata.uid)
                self._put(item.metadata)
            continuing = page.metadata.continue_
            if not continuing:
                self.table.keep_only(uids)
                self._from = FROM_CACHE
                return version
        raise Unusable("too_large", f"a list of more than {PAGES_MAX} pages")

    async def _watch(self, version: str) -> None:
        """Take changes until the watch ends in order; where one was missed, the next round lists."""
        lines = Lines(LINE_BYTES_MAX)
        try:
            async with self._api.watch(version) as parts:
                self._succeed()
                async for part in parts:
                    for line in lines.feed(part):
                        self._take(line)
        finally:
            if lines.too_long:
                self._miss("line_too_long", lines.too_long)
            if self._has_missed:
                self._version = None
                self._has_missed = False

    def _take(self, line: bytes) -> None:
        """Take one line; a bad one is counted, as the next list mends what it would have told."""
        try:
            change = change_in(line)
        except Unusable as error:
            self._miss(error.reason, 1)
        else:
            self._apply(change)

    def _apply(self, change: Change) -> None:
        match change:
            case Failed(code, message):
                raise Expired if code == GONE else Unusable(f"http_{code}", f"{code}: {message[:200]}")
            case Changed(metadata):
                self._put(metadata)
            case Deleted(metadata):
                self.table.delete(metadata.uid)
            case Bookmarked():
                pass
        self._version = change.metadata.resource_version or self._version

    def _put(self, metadata: Metadata) -> None:
        pod = pod_in(metadata, self._labels)
        if pod is None:
            self._miss("bad_pod", 1)
        else:
            self.table.put(metadata.uid, pod)

    def _miss(self, reason: str, count: int) -> None:
        self.errors[reason] += count
        self._has_missed = True

    def _succeed(self) -> None:
        if not self.connected:
            LOG.info("pods are followed", pods=len(self.table))
        self.connected = True
        self.trouble = None

    def _fail(self, reason: str, detail: str) -> None:
        self.errors[reason] += 1
        if self.trouble is None:
            LOG.warning("names of pods have to wait", reason=reason, detail=detail)
        self.connected = False
        self.trouble = detail
