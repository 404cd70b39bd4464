"""The parts of the monitor and how an event goes through them.

tracer → encoder → handover → fanouts → stdout and clients
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from jcode_watcher.lifecycle.clients import Clients
from jcode_watcher.lifecycle.encoding import EventEncoder
from jcode_watcher.lifecycle.handover import Handover
from jcode_watcher.lifecycle.metrics import Figures
from jcode_watcher.lifecycle.settings import LifecycleSettings
from jcode_watcher.procmon.facts import Fact
from jcode_watcher.serving import Fanout

CHECK_SECONDS = 1
"""Between two looks whether tracing goes on."""


class Tracer(Protocol):
    """What delivers the facts, from a thread of its own: the kernel's process monitor, or a test's twin."""

    def start(self) -> None:
        """Return once processes are traced."""

    def stop(self) -> None:
        """Deliver what is left and return; raise what ended it early."""

    @property
    def running(self) -> bool:
        """Whether facts are being delivered."""

    def counters(self) -> msgspec.Struct:
        """Give a struct of integers by stage."""


Deliver = Callable[[Sequence[Fact]], None]
MakeTracer = Callable[[Deliver, Sequence[str]], Tracer]
"""Makes a tracer from the function that takes its facts, and the hostname prefixes to look for."""


class LifecycleMonitor:
    """Takes facts from a tracer and gives them, as JSON, to stdout's queue and to every client's."""

    def __init__(
        self,
        settings: LifecycleSettings,
        make_tracer: MakeTracer,
        suspended_ns: Callable[[], int],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.lines: Fanout[bytes] = Fanout(settings.stdout_queue_max)
        self.frames: Fanout[bytes] = Fanout(settings.client_queue_max)
        self.clients = Clients(self.frames, settings.clients_max)
        self._state = "not traced yet"
        self._encoder = EventEncoder(suspended_ns)
        self._handover = Handover(loop, self._publish)
        self._tracer = make_tracer(self._deliver, settings.hostname_prefix)

    async def start(self) -> None:
        """Return once processes are traced."""
        await asyncio.to_thread(self._tracer.start)
        self._state = "traced"

    async def stop(self) -> None:
        """Stop tracing; what was traced until now is queued when this returns. Raises what ended it early."""
        self._state = "stopping"
        try:
            await asyncio.to_thread(self._tracer.stop)
        finally:
            self._handover.flush()
            self._handover.close()

    async def ended_early(self) -> None:
        """Return if tracing ends without having been stopped."""
        while self._tracer.running:  # noqa: ASYNC110 - a thread that dies signals nothing
            await asyncio.sleep(CHECK_SECONDS)

    def unready(self) -> str | None:
        """Say why events are not told at present, or None."""
        if self._state == "traced":
            return None if self._tracer.running else "tracing has ended"
        return self._state

    def figures(self) -> Figures:
        """Give what is counted at each stage."""
        stages: dict[str, int] = msgspec.structs.asdict(self._tracer.counters())
        programs = stages.pop("programs", 0)
        return Figures(
            told=dict(self._encoder.told),
            traced=stages,
            programs=programs,
            missed={"stdout": self.lines.missed_total, "client": self.frames.missed_total},
            clients=len(self.frames),
            clients_refused=self.clients.refused_total,
            on_their_way=len(self._handover),
        )

    def _deliver(self, facts: Sequence[Fact]) -> None:
        """Take facts in the tracer's thread, which waits here while the event loop is far behind."""
        self._handover.put(self._encoder.encode(facts))

    def _publish(self, events: list[bytes]) -> None:
        self.lines.publish(events)
        self.frames.publish(events)
