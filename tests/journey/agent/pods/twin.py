"""A twin of the API server as far as pods go: TLS, token, list in pages, watch with bookmarks, 410."""

import asyncio
import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

NODE = "node-7"
SECONDS_MAX = 20.0


def certified(folder: Path) -> ssl.SSLContext:
    """Make an authority, as `ca.crt`, and with it a certificate for 127.0.0.1."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    usage = ("-addext", "keyUsage=critical,keyCertSign,digitalSignature")
    openssl("req", "-x509", *curve, *usage, "-subj", "/CN=twin-ca", "-keyout", "ca.key", "-out", "ca.crt")
    openssl("req", *curve, "-subj", "/CN=twin", "-keyout", "tls.key", "-out", "tls.csr")
    extensions = "subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
    (folder / "ext").write_text(extensions)
    signed = ("x509", "-req", "-in", "tls.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(*signed, "-days", "2", "-extfile", "ext", "-out", "tls.crt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    return context


def pod(uid: str, name: str, labels: dict[str, str] | None = None) -> dict[str, Any]:
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": f"{name}-rs",
        "uid": "r",
        "controller": True,
    }
    return {
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"name": name, "uid": uid, "labels": labels or {}, "ownerReferences": [owner]},
    }


class Twin:
    """Serves in a thread with a loop of its own; what a test does to it, it does there."""

    def __init__(self, account: Path) -> None:
        self.token = (account / "token").read_text()
        self.pods: dict[str, dict[str, Any]] = {}
        self.version = 100
        self.oldest = 0
        """Watches from before this version are answered with 410."""
        self.history: list[tuple[int, bytes]] = []
        self.requests: list[dict[str, str]] = []
        self.refusals: list[int] = []
        self.status: int | None = None
        """What every request is answered with, where not the pods."""
        self.delay_seconds = 0.0
        self._watches: dict[web.StreamResponse, asyncio.Event] = {}
        self._loop = asyncio.new_event_loop()
        self._gone = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._trust = certified(account)
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.open()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    # What a test does.

    def open(self) -> None:
        self._do(self._open())

    def away(self) -> None:
        """Go away: what is open is cut, what comes finds nobody."""
        self._do(self._away())

    def close(self) -> None:
        self.away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def add(self, *pods: dict[str, Any]) -> None:
        self._do(self._change("ADDED", *pods))

    def delete(self, uid: str) -> None:
        self._do(self._change("DELETED", self.pods[uid]))

    def bookmark(self) -> None:
        self._do(self._change("BOOKMARK", {"kind": "Pod", "metadata": {}}))

    def say(self, raw: bytes) -> None:
        """Send bytes on every watch that is open."""
        self._do(self._say(raw))

    def cut(self, raw: bytes = b"") -> None:
        """Send the beginning of something on every watch, and cut the connection."""
        self._do(self._cut(raw))

    def forget_history(self) -> None:
        """As etcd's compaction does: nobody can go on from before this moment."""

        async def forget() -> None:
            self.version += 1
            self.oldest = self.version

        self._do(forget())

    @property
    def watches(self) -> int:
        return len(self._watches)

    @property
    def lists(self) -> int:
        return sum("watch" not in query and "continue" not in query for query in self.requests)

    # What it does itself.

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS_MAX)

    async def _open(self) -> None:
        served = web.Application()
        served.add_routes([web.get("/api/v1/pods", self._answer)])
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._trust)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _away(self) -> None:
        if self._runner is not None:
            self._gone.set()
            await self._cut(b"")
            await self._runner.cleanup()
            self._runner = None

    async def _change(self, kind: str, *pods: dict[str, Any]) -> None:
        for each in pods:
            self.version += 1
            metadata = each["metadata"] | {"resourceVersion": str(self.version)}
            line = json.dumps({"type": kind, "object": each | {"metadata": metadata}}).encode() + b"\n"
            if kind == "DELETED":
                del self.pods[metadata["uid"]]
            elif kind != "BOOKMARK":
                self.pods[metadata["uid"]] = each | {"metadata": metadata}
            if kind != "BOOKMARK":
                self.history.append((self.version, line))
            await self._say(line)

    async def _say(self, raw: bytes) -> None:
        for watch in list(self._watches):
            if watch._req is not None and watch._req.transport is not None:
                await watch.write(raw)

    async def _cut(self, raw: bytes) -> None:
        for watch, ended in list(self._watches.items()):
            del self._watches[watch]
            ended.set()
            if watch._req is not None and watch._req.transport is not None:
                await watch.write(raw)
                watch._req.transport.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.requests.append(query)
        if self.delay_seconds:
            await asyncio.wait([asyncio.ensure_future(self._gone.wait())], timeout=self.delay_seconds)
        status = self._refusal(request)
        if status:
            self.refusals.append(status)
            return web.json_response({"kind": "Status", "code": status}, status=status)
        assert query["fieldSelector"] == f"spec.nodeName={NODE}"
        return await self._watch(request) if "watch" in query else self._page(query)

    def _refusal(self, request: web.Request) -> int | None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return 401
        return self.status

    def _page(self, query: dict[str, str]) -> web.Response:
        start, limit = int(query.get("continue", "0")), int(query["limit"])
        items = list(self.pods.values())
        end = start + limit
        metadata = {"resourceVersion": str(self.version), "continue": str(end) if end < len(items) else ""}
        return web.json_response({"metadata": metadata, "items": items[start:end]})

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        since = int(request.query["resourceVersion"])
        if since < self.oldest:
            return web.json_response({"kind": "Status", "code": 410}, status=410)
        response = web.StreamResponse()
        await response.prepare(request)
        for version, line in self.history:
            if version > since:
                await response.write(line)
        self._watches[response] = ended = asyncio.Event()
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), float(request.query["timeoutSeconds"]))
        finally:
            self._watches.pop(response, None)
        return response


def until(is_so: Callable[[], Any], ticks: threading.Event | None = None) -> None:
    """Wait until something is so."""
    ticks = ticks or threading.Event()
    for _ in range(int(SECONDS_MAX / 0.01)):
        if is_so():
            return
        ticks.wait(0.01)
    raise AssertionError("it did not become so")
