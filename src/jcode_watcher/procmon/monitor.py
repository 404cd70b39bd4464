"""Processes from the kernel to whoever wants them."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Final, NamedTuple

from jcode_watcher.procmon.clock import WallClock, boot_ns
from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.errors import BadOption, CannotPin
from jcode_watcher.procmon.facts import Executed, Fact
from jcode_watcher.procmon.kernel import Kernel
from jcode_watcher.procmon.ledger import Progress
from jcode_watcher.procmon.losses import NOTHING_TOLD, Losses
from jcode_watcher.procmon.options import (
    Options,
    check_argv_bytes_max,
    check_prefixes,
    check_ring_bytes,
    event_cost_ns,
)
from jcode_watcher.procmon.pinning import Pinning, remove
from jcode_watcher.procmon.reader import Reader
from jcode_watcher.procmon.remainder import Remainder
from jcode_watcher.procmon.ring import Positions
from jcode_watcher.procmon.running import found
from jcode_watcher.procmon.succession import Attached, attached
from jcode_watcher.procmon.upkeep import Upkeep

RING_BYTES: Final = 8 << 20
ARGV_BYTES_MAX: Final = 4096
CONTAINER_EXECS_PER_SECOND: Final = 2_000
"""Ten times a compiler that is called in a loop, and half of what one reader keeps up with for long."""
NAP_SECONDS: Final = 0.001
"""After a batch that emptied the ring: a reader that naps need not be woken, half of a record's cost."""
WAIT_MS: Final = 100
"""The longest wait for a first record: as often a look is taken at losses, and whether to stop."""


class Opened(NamedTuple):
    """What a monitor holds between `start` and the end of `stop`."""

    attached: Attached
    reader: Reader

    @property
    def kernel(self) -> Kernel:
        """Our programs."""
        return self.attached.kernel


class ProcessMonitor:
    """Attaches the BPF programs, lists what already runs, then delivers facts from a thread of its own."""

    def __init__(
        self,
        deliver: Callable[[Sequence[Fact]], None],
        *,
        hostname_prefixes: Sequence[str] = (),
        ring_bytes: int = RING_BYTES,
        argv_bytes_max: int = ARGV_BYTES_MAX,
        container_execs_per_second: int = CONTAINER_EXECS_PER_SECOND,
        pinning: Pinning | None = None,
    ) -> None:
        """Load nothing yet. No prefix means every process. BadOption if an option cannot be.

        `deliver` is called in the monitor's thread and may block: then the ring fills, and what is lost is
        counted and delivered as `Lost`. What it raises ends the monitor, and `stop` raises it again.

        A container may report `container_execs_per_second` for long and twice that at once, 0 for no limit;
        the rest is counted and delivered as `Lost` of that container. Without prefixes nothing is limited.

        With `pinning` the kernel goes on recording when the monitor stops or dies, and another goes on from
        there. Then what was delivered stays in the ring until it is released.
        """
        self._deliver = deliver
        self._options = Options(
            prefixes=check_prefixes(hostname_prefixes),
            ring_bytes=check_ring_bytes(ring_bytes),
            argv_bytes_max=check_argv_bytes_max(argv_bytes_max),
            event_cost_ns=event_cost_ns(container_execs_per_second) if hostname_prefixes else 0,
        )
        self._pinning = pinning
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        # Held while the kernel's objects are used from outside the thread: they are not closed meanwhile.
        self._open = threading.Lock()
        self._opened: Opened | None = None
        self._last_counters = Counters()
        self._last_delivered_until_ns = 0
        self.resumed = False
        """Whether what happened since an earlier monitor read is told, as the kernel recorded it."""
        self.untold: str | None = None
        """Why it is not, where there are pins."""
        self._failure: BaseException | None = None

    def start(self) -> None:
        """Load, attach, list, begin to deliver. CannotTrace if this machine does not let us."""
        if self._thread or self._stopping.is_set():
            raise BadOption("a process monitor starts once; make another")
        # First attach, then look: what executes in between is in the ring.
        clock = WallClock()
        opened = self._attached(clock)
        kernel, progress = opened.kernel, opened.progress
        upkeep = upkeep_of(kernel, self._options.prefixes, progress)
        try:
            running = self._list_running(kernel, upkeep, clock)
        except BaseException:
            opened.close()
            raise
        losses = Losses(progress.since_ns, progress.told) if progress else None
        reader = Reader(kernel, self._deliver, clock=clock, upkeep=upkeep, losses=losses, ring=opened.ring)
        self._opened = Opened(opened, reader)
        self.untold = opened.untold
        self.resumed = self._pinning is not None and self.untold is None
        arguments = (kernel, reader, opened.remainders, running)
        self._thread = threading.Thread(target=self._run, args=arguments, name="procmon")
        self._thread.start()

    def stop(self) -> None:
        """Detach, deliver what is in the ring, end the thread. Idempotent. Raises what ended it early."""
        self._stopping.set()
        if self._thread:
            self._thread.join()
        with self._open:
            if self._opened:
                self._last_counters = self._opened.reader.counters()
                self._last_delivered_until_ns = self._opened.reader.delivered_until_ns()
                self._opened.attached.close()
                self._opened = None
        if self._failure:
            failure, self._failure = self._failure, None
            raise failure

    def counters(self) -> Counters:
        """Give how many records there were at each stage; after `stop`, the last counts."""
        with self._open:
            return self._opened.reader.counters() if self._opened else self._last_counters

    def ancestors(self, program: Executed) -> Sequence[Executed]:
        """Give the programs that led to this one, its parent's first; from `deliver` only.

        The last is the container's first process, or one whose parent has ended.
        """
        # No lock: `stop` closes nothing before the thread that delivers has ended.
        return self._opened.reader.ancestors(program) if self._opened else []

    def release(self, position: int) -> None:
        """Let the kernel write again where facts up to this position lay, as they are kept elsewhere."""
        with self._open:
            if self._opened:
                self._opened.kernel.release(position)
                if position and self._opened.attached.remainders:
                    self._take_down(self._opened)

    @property
    def positions(self) -> Positions:
        """Tell how far the ring was filled, read and released; zeros while it is not open."""
        with self._open:
            return self._opened.kernel.positions() if self._opened else Positions(0, 0, 0)

    @property
    def delivered_until_ns(self) -> int:
        """Wall time before which every fact that happened has been delivered; 0 before the first delivery."""
        with self._open:
            return self._opened.reader.delivered_until_ns() if self._opened else self._last_delivered_until_ns

    @property
    def running(self) -> bool:
        """Whether facts are delivered: not before `start`, after `stop`, or once `deliver` has raised."""
        return self._thread is not None and self._thread.is_alive() and self._failure is None

    def _take_down(self, opened: Opened) -> None:
        """Take down what earlier rings left: something of ours is kept, and so is all of theirs."""
        for remainder in opened.attached.remainders:
            # Else the next start does it.
            with suppress(CannotPin):
                remove(remainder.folder)
        self._opened = opened._replace(attached=opened.attached._replace(remainders=()))

    def _attached(self, clock: WallClock) -> Attached:
        if self._pinning:
            return attached(self._options, self._pinning, clock)
        kernel = Kernel(self._options)
        try:
            kernel.attach()
        except BaseException:
            kernel.close()
            raise
        return Attached(kernel)

    def _list_running(self, kernel: Kernel, upkeep: Upkeep | None, clock: WallClock) -> list[Executed]:
        limit, offset_ns = self._options.argv_bytes_max, clock.offset_ns
        if upkeep is None:
            return list(found(kernel.list_running(), limit, offset_ns))
        # The first list pins the containers that ran before; the second tells what came of it.
        kernel.list_running()
        upkeep.look(boot_ns())
        return list(found(kernel.list_running(), limit, offset_ns, upkeep.container_of))

    def _run(
        self, kernel: Kernel, reader: Reader, remainders: Sequence[Remainder], running: Sequence[Executed]
    ) -> None:
        try:
            for facts in chain.from_iterable(remainder.facts() for remainder in remainders):
                if self._stopping.is_set():
                    # The next monitor tells the rest; before that nothing of ours may be told.
                    return
                reader.tell_left(facts)
            reader.begin(running)
            while not self._stopping.is_set():
                kernel.wait(WAIT_MS)
                with kernel.unwoken():
                    self._read_until_quiet(reader)
                # What came as this ended woke nobody; by now `wait` notices it.
                self._stopping.wait(NAP_SECONDS)
            if self._pinning:
                reader.pause()
            else:
                detached_ns = boot_ns()
                kernel.detach()
                reader.finish(detached_ns)
        except BaseException as failure:  # noqa: BLE001 - outermost: `stop` raises it in the caller's thread
            self._failure = failure
            kernel.detach()

    def _read_until_quiet(self, reader: Reader) -> None:
        while reader.run_once() and not self._stopping.is_set():
            if reader.caught_up:
                self._stopping.wait(NAP_SECONDS)


def upkeep_of(kernel: Kernel, prefixes: Sequence[bytes], progress: Progress | None = None) -> Upkeep | None:
    """Give what tends the kernel's table of containers; nothing where every process is wanted."""
    if not prefixes:
        return None
    return Upkeep(
        pins=kernel.pins,
        buckets=kernel.buckets,
        removed=kernel.removed,
        doubts=kernel.doubts,
        members=kernel.list_members,
        prefixes=prefixes,
        told=progress.told if progress else NOTHING_TOLD,
    )
