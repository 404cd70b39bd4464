"""The BPF programs and their ring buffer, as loaded by the compiled extension."""

from __future__ import annotations

import os
import platform
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jcode_watcher.procmon.counters import KernelCounts
from jcode_watcher.procmon.decode import head_of
from jcode_watcher.procmon.errors import LibbpfMissing, LoadFailed
from jcode_watcher.procmon.privilege import (
    TYPE_INFORMATION,
    effective_capabilities,
    refusal_of_load,
    refusal_of_machine,
)
from jcode_watcher.procmon.record import BUCKET, CGROUP_KEY, HEAD, MEMBER, MOMENT, PIN, Head, Member
from jcode_watcher.procmon.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jcode_watcher.procmon._ring import CData, Counts, Drained, Ffi, Lib
    from jcode_watcher.procmon.options import Options

DRAIN_BYTES: Final = 1 << 16
"""Of one batch, some 170 usual records; the largest has under 35 KiB."""
LOG_BYTES: Final = 1 << 16
ITERATOR_BYTES: Final = 1 << 16


class Batch(NamedTuple):
    """What one drain brought."""

    data: bytes
    records: int
    caught_up: bool
    """Whether it brought all that lay in the ring when the drain began."""
    position: int = 0
    """Where in the ring its first record begins."""


class Positions(NamedTuple):
    """Of a ring, in bytes since it was made."""

    released: int
    """Before it the kernel may write again."""
    read: int
    produced: int


class Kernel:
    """Loaded programs; every method but `close` needs them open. Only one thread may drain."""

    def __init__(self, options: Options, pins: Path | None = None) -> None:
        """Load, without attaching; CannotTrace if refused.

        With `pins`, an empty folder of a bpffs, everything is put there and outlives the process; what is
        there already is taken up (`resumed`). Then what was read stays in the ring until it is released.
        """
        self._ffi, self._lib = extension()
        status = Path("/proc/self/status").read_text()
        refusal = refusal_of_machine(effective_capabilities(status), has_types=TYPE_INFORMATION.exists())
        if refusal:
            raise refusal
        self._monitor = self._load(options, pins)
        self._buffer: CData = self._ffi.new("char[]", DRAIN_BYTES)
        self._drained: Drained = self._ffi.new("struct drained *")
        self.resumed = bool(self._lib.monitor_resumed(self._monitor))

        tables = self._ffi.new("struct monitor_tables *")
        self._lib.monitor_tables(self._monitor, tables)
        self.pins = Table(self._ffi, self._lib, tables.pins, CGROUP_KEY, PIN)
        self.buckets = Table(self._ffi, self._lib, tables.buckets, CGROUP_KEY, BUCKET)
        self.removed = Table(self._ffi, self._lib, tables.gone, CGROUP_KEY, MOMENT)

    def _load(self, options: Options, pins: Path | None) -> CData:
        new = self._ffi.new
        monitor, log = new("struct monitor **"), new("char[]", LOG_BYTES)
        texts = [new("char[]", prefix) for prefix in options.prefixes]
        prefixes = new("char *[]", texts)
        lengths = new("size_t[]", [len(prefix) for prefix in options.prefixes])
        asked = new("struct monitor_options *")
        asked.ring_bytes = options.ring_bytes
        asked.argv_bytes_max = options.argv_bytes_max
        asked.event_cost_ns = options.event_cost_ns
        asked.burst_ns = options.burst_ns
        asked.prefix_count = len(texts)
        asked.prefixes = prefixes
        asked.prefix_bytes = lengths
        folder = new("char[]", os.fsencode(pins)) if pins else self._ffi.NULL
        asked.pins = folder
        error = self._lib.monitor_load(monitor, asked, log, LOG_BYTES)
        if error:
            said = self._ffi.string(log).decode(errors="replace")
            raise refusal_of_load(-error, said, platform.release())
        loaded: CData = monitor[0]
        return loaded

    def attach(self) -> None:
        """Let events come from here on."""
        error = self._lib.monitor_attach(self._monitor)
        if error:
            raise refusal_of_load(-error, "", platform.release())

    def detach(self) -> None:
        """Let no further event come, but to what outlives the process; what is in the ring stays."""
        self._lib.monitor_detach(self._monitor)

    def close(self) -> None:
        """Unload."""
        self._lib.monitor_close(self._monitor)

    def list_running(self) -> list[Head]:
        """Give a head for each wanted process that did not execute since the hooks were attached."""
        listed = self._listed(self._lib.monitor_list_running(self._monitor))
        heads = (head_of(listed[at : at + HEAD.size]) for at in range(0, len(listed), HEAD.size))
        return list({(head.pid, head.start_boot_ns): head for head in heads}.values())

    def list_members(self) -> list[Member]:
        """Give the processes of the cgroups whose pins are not confirmed."""
        listed = self._listed(self._lib.monitor_list_members(self._monitor))
        return [MEMBER.read(listed, at) for at in range(0, len(listed), MEMBER.size)]

    def doubts(self) -> int:
        """Give a number that grows whenever an unconfirmed pin is met."""
        return self._lib.monitor_doubts(self._monitor)

    def _listed(self, descriptor: int) -> bytes:
        if descriptor < 0:
            raise LoadFailed(f"cannot list running processes: {os.strerror(-descriptor)}")
        try:
            return b"".join(iter(lambda: os.read(descriptor, ITERATOR_BYTES), b""))
        finally:
            os.close(descriptor)

    def wait(self, timeout_ms: int) -> bool:
        """Wait until something can be drained; false after the time."""
        return self._lib.monitor_wait(self._monitor, timeout_ms) > 0

    @contextmanager
    def unwoken(self) -> Iterator[None]:
        """Let no record wake the caller, who looks again by himself: also a moment after this."""
        self._lib.monitor_nap(self._monitor, 1)
        try:
            yield
        finally:
            self._lib.monitor_nap(self._monitor, 0)

    def drain(self) -> Batch:
        """Take what is in the ring, as far as it fits; the interpreter runs on meanwhile."""
        drained = self._drained
        error = self._lib.monitor_drain(self._monitor, self._buffer, DRAIN_BYTES, drained)
        if error:
            raise OSError(-error, f"cannot read the ring: {os.strerror(-error)}")
        data = bytes(self._ffi.buffer(self._buffer, drained.bytes))
        return Batch(data, drained.records, bool(drained.caught_up), drained.position)

    def positions(self) -> Positions:
        """Tell how far the ring was filled, read and given back; from any thread."""
        at = self._ffi.new("struct positions *")
        self._lib.monitor_positions(self._monitor, at)
        return Positions(at.released, at.read, at.produced)

    def begin_at(self, position: int) -> bool:
        """Go on reading there, before the first drain; false if the ring does not have that."""
        return self._lib.monitor_begin_at(self._monitor, position) == 0

    def release(self, position: int) -> None:
        """Give back what lies before, as far as it was read; from one thread at a time."""
        self._lib.monitor_release(self._monitor, position)

    def counts(self) -> KernelCounts:
        """Add up what the programs counted on all CPUs."""
        counts: Counts = self._ffi.new("struct monitor_counts *")
        error = self._lib.monitor_count(self._monitor, counts)
        if error:
            raise OSError(-error, f"cannot read the programs' counters: {os.strerror(-error)}")
        return KernelCounts(**{name: getattr(counts, name) for name in KernelCounts.__struct_fields__})


def extension() -> tuple[Ffi, Lib]:
    """Give the compiled extension; LibbpfMissing if it cannot be loaded."""
    # Imported only when needed: what does not trace works without libbpf.
    try:
        from jcode_watcher.procmon._ring import ffi, lib  # noqa: PLC0415 - see above
    except ImportError as error:
        raise LibbpfMissing(
            f"cannot trace processes: {error}; install libbpf1 and build the package"
        ) from error
    return ffi, lib
