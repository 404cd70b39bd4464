"""One pass of a record through user space: drain, decode, follow, deliver; each stage counted."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from msgspec.structs import replace

from jcode_watcher.procmon.clock import TOLERANCE_NS, WallClock, boot_ns
from jcode_watcher.procmon.counters import Counters, KernelCounts
from jcode_watcher.procmon.decode import KernelFact, in_no_container
from jcode_watcher.procmon.decoder import NO_RING, Decoder
from jcode_watcher.procmon.facts import Executed, Fact, Lost, OomKilled
from jcode_watcher.procmon.losses import CHECK_SECONDS, Losses
from jcode_watcher.procmon.options import RING_BYTES_LIMIT
from jcode_watcher.procmon.programs import Programs
from jcode_watcher.procmon.ring import DRAIN_BYTES, Batch, Positions
from jcode_watcher.procmon.upkeep import Upkeep

IN_FLIGHT_NS: Final = 1_000_000
"""A record bears the time at which its program began to run, microseconds before it is in the ring."""
FIRST_DRAINS_MAX: Final = 2 * RING_BYTES_LIMIT // DRAIN_BYTES
"""Enough for the largest ring, so for all that was in it when the first drain began."""


class Source(Protocol):
    """Where records come from: `Kernel`, or its twin in a test."""

    def wait(self, timeout_ms: int) -> bool: ...  # noqa: D102 - as Kernel has it
    def drain(self) -> Batch: ...  # noqa: D102
    def positions(self) -> Positions: ...  # noqa: D102
    def release(self, position: int) -> None: ...  # noqa: D102
    def counts(self) -> KernelCounts: ...  # noqa: D102


class Reader:
    """Turns what lies in the ring into delivered facts. For one thread, but for what says otherwise."""

    def __init__(
        self,
        source: Source,
        deliver: Callable[[Sequence[Fact]], None],
        *,
        clock: WallClock,
        upkeep: Upkeep | None = None,
        losses: Losses | None = None,
        ring: str = NO_RING,
        now_ns: Callable[[], int] = boot_ns,
    ) -> None:
        """`upkeep` is given where not every process is wanted; `now_ns` is CLOCK_BOOTTIME.

        `losses` is given where an earlier process told of some, `ring` where the ring outlives this process.
        """
        self._source = source
        self._deliver = deliver
        self._clock = clock
        self._upkeep = upkeep
        self._ring = ring
        self._decoder = Decoder(upkeep.container_of if upkeep else in_no_container, ring)
        self._now_ns = now_ns
        self._programs = Programs()
        self._losses = losses or Losses(now_ns() + clock.offset_ns)
        self._checked_ns = now_ns()
        self._swept_at = 0
        self._unmatched = self._delivered = self._found = 0
        self._until_boot_ns: int | None = None
        # Until the processes that already ran have been delivered, nothing is.
        self._busy = True
        self.caught_up = False
        """Whether the last batch was all that lay in the ring."""

    def tell_left(self, facts: Sequence[Fact]) -> None:
        """Deliver what an earlier ring has, before this one's begin. It is not counted."""
        lost = [fact for fact in facts if isinstance(fact, Lost)]
        followed = self._follow([fact for fact in facts if not isinstance(fact, Lost)])
        self._hand_over([*lost, *followed], 0)

    def begin(self, running: Sequence[Executed]) -> None:
        """Deliver the processes that already ran, gathered before this call, then the first batch."""
        before_ns = self._now_ns()
        facts: list[KernelFact] = []
        caught_up = False
        for _ in range(FIRST_DRAINS_MAX):
            batch, decoded = self._drain()
            facts += decoded
            caught_up = batch.caught_up
            if caught_up:
                break
        # One that executed while it was being looked at, or before: its record tells it better.
        executed = {(fact.pid, fact.start_boot_ns) for fact in facts if isinstance(fact, Executed)}
        kept = [
            fact
            for fact in running
            if (fact.pid, fact.start_boot_ns) not in executed
            and not self._programs.of(fact.pid, fact.start_boot_ns)
        ]
        for fact in kept:
            self._programs.follow(fact)
        self._found = len(kept)
        followed = list(self._follow(facts))
        self._hand_over([*kept, *followed], len(followed))
        self._advance(before_ns, caught_up=caught_up)

    def run_once(self) -> bool:
        """Deliver what lies in the ring; false where there was nothing."""
        # Before the drain, which empties the ring: see `delivered_until_ns`.
        self._busy = True
        before_ns = self._now_ns()
        batch, decoded = self._drain()
        if self._upkeep:
            self._upkeep.look(before_ns)
        followed = list(self._follow(decoded))
        self._hand_over([*followed, *self._lost(before_ns)], len(followed))
        if not followed:
            self._pass_over(batch)
        self._advance(before_ns, caught_up=batch.caught_up)
        return batch.records > 0

    def finish(self, detached_ns: int) -> None:
        """Deliver all that is left, and what was lost; the hooks were detached at `detached_ns` or after."""
        while self.run_once():
            pass
        self._end()
        self._until_boot_ns = detached_ns

    def pause(self) -> None:
        """Deliver what lay in the ring, and what was lost; what comes then waits for another reader."""
        for _ in range(FIRST_DRAINS_MAX):
            if not self.run_once() or self.caught_up:
                break
        self._end()

    def counters(self) -> Counters:
        """Give all counts; from any thread."""
        kernel = self._source.counts()
        return Counters(
            **{name: getattr(kernel, name) for name in KernelCounts.__struct_fields__},
            received=self._decoder.received,
            refused=self._decoder.refused,
            decoded=self._decoder.decoded,
            unmatched=self._unmatched,
            delivered=self._delivered,
            found_running=self._found,
            programs=len(self._programs),
            programs_forgotten=self._programs.forgotten,
        )

    def ancestors(self, program: Executed) -> list[Executed]:
        """Give the programs that led to this one, its parent's first; from `deliver` only."""
        return self._programs.ancestors(program)

    def delivered_until_ns(self) -> int:
        """Give the wall time before which every fact has been delivered, 0 at first; from any thread."""
        asked_ns = self._now_ns()
        # In this order. If the ring is empty, all from before now has been drained; and as `_busy` is set
        # before a drain and cleared after the delivery, all that was drained is delivered if it is unset.
        if not self._source.wait(0) and not self._busy:
            until_ns = asked_ns
        elif self._until_boot_ns is None:
            return 0
        else:
            until_ns = self._until_boot_ns
        return until_ns + self._clock.offset_ns - IN_FLIGHT_NS - TOLERANCE_NS

    def _drain(self) -> tuple[Batch, list[KernelFact]]:
        self._clock.refresh()
        batch = self._source.drain()
        return batch, self._decoder.facts(batch, self._clock.offset_ns)

    def _follow(self, facts: Sequence[KernelFact]) -> Iterator[KernelFact]:
        for fact in facts:
            followed = self._programs.follow(fact)
            if self._upkeep and isinstance(followed, OomKilled) and not followed.start_boot_ns:
                # An older kernel told only a pid, and it is none of those that are watched.
                self._unmatched += 1
                continue
            yield followed

    def _lost(self, now_ns: int) -> list[Fact]:
        if now_ns - self._checked_ns < CHECK_SECONDS * 1e9:
            return []
        self._checked_ns = now_ns
        lost = self._losses_until(now_ns)
        if self._upkeep:
            # After the losses: what is cleared away can tell nothing any more.
            self._sweep(self._upkeep)
        return lost

    def _sweep(self, upkeep: Upkeep) -> None:
        """Clear away what was gone at the last sweep, once all that was in the ring then is done with."""
        at = self._source.positions()
        # Who reads again what was not released asks for the containers again.
        if at.released < self._swept_at:
            return
        upkeep.sweep(caught_up=True)
        self._swept_at = at.produced

    def _pass_over(self, batch: Batch) -> None:
        """Give back what brought no fact, as nobody will tell that it was kept."""
        at = self._source.positions()
        if at.released == batch.position < at.read:
            self._source.release(at.read)

    def _end(self) -> None:
        # For good: what happens from here on is not seen.
        self._busy = True
        self._hand_over(self._losses_until(self._now_ns()), 0)

    def _losses_until(self, now_ns: int) -> list[Fact]:
        suppressions = self._upkeep.suppressions if self._upkeep else None
        lost = self._losses.since_last(self.counters(), now_ns + self._clock.offset_ns, suppressions)
        return [replace(fact, ring=self._ring) for fact in lost]

    def _hand_over(self, facts: Sequence[Fact], from_records: int) -> None:
        if facts:
            self._deliver(facts)
        self._programs.forget_ended()
        self._delivered += from_records

    def _advance(self, before_ns: int, *, caught_up: bool) -> None:
        self.caught_up = caught_up
        if caught_up:
            self._until_boot_ns = before_ns
        self._busy = False
