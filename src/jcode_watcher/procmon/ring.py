"""A ring of records and the tables beside it: our own programs', or those that an earlier process left."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from jcode_watcher.procmon.counters import KernelCounts
from jcode_watcher.procmon.decode import head_of, split
from jcode_watcher.procmon.errors import BadRecord, CannotTell, LibbpfMissing
from jcode_watcher.procmon.record import BUCKET, CGROUP_KEY, MOMENT, PIN, Head
from jcode_watcher.procmon.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jcode_watcher.procmon._ring import CData, Counts, Drained, Ffi, Lib

DRAIN_BYTES: Final = 1 << 16
"""Of one batch, some 170 usual records; the largest has under 35 KiB."""


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


class Ring:
    """Open until `close`, which every other method needs. Only one thread may drain."""

    def __init__(self, monitor: CData) -> None:
        """Take what the extension opened."""
        self._ffi, self._lib = extension()
        self._monitor = monitor
        self._buffer: CData = self._ffi.new("char[]", DRAIN_BYTES)
        self._drained: Drained = self._ffi.new("struct drained *")
        tables = self._ffi.new("struct monitor_tables *")
        self._lib.monitor_tables(self._monitor, tables)
        self.pins = Table(self._ffi, self._lib, tables.pins, CGROUP_KEY, PIN)
        self.buckets = Table(self._ffi, self._lib, tables.buckets, CGROUP_KEY, BUCKET)
        self.removed = Table(self._ffi, self._lib, tables.gone, CGROUP_KEY, MOMENT)

    def close(self) -> None:
        """Let go of it; what is pinned stays."""
        self._lib.monitor_close(self._monitor)

    def drain(self) -> Batch:
        """Take what is in the ring, as far as it fits; the interpreter runs on meanwhile."""
        drained = self._drained
        error = self._lib.monitor_drain(self._monitor, self._buffer, DRAIN_BYTES, drained)
        if error:
            raise OSError(-error, f"cannot read the ring: {os.strerror(-error)}")
        data = bytes(self._ffi.buffer(self._buffer, drained.bytes))
        return Batch(data, drained.records, bool(drained.caught_up), drained.position)

    def batches(self) -> Iterator[Batch]:
        """Take all that lies in the ring now, but for what is still being written."""
        end = self.positions().produced
        while self.positions().read < end:
            batch = self.drain()
            if not batch.records and not batch.caught_up:
                return
            yield batch

    def heads(self) -> Iterator[Head]:
        """Take likewise, and give the head of each record."""
        for batch in self.batches():
            for record in split(batch.data):
                with suppress(BadRecord):
                    yield head_of(record)

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


def left_in(folder: Path) -> Ring:
    """Open what an earlier process left there, with whatever programs; CannotTell if that is refused."""
    ffi, lib = extension()
    opened = ffi.new("struct monitor **")
    error = lib.monitor_open_left(opened, os.fsencode(folder))
    if error:
        raise CannotTell(f"what was pinned cannot be read: {os.strerror(-error)}")
    return Ring(opened[0])


def settle() -> None:
    """Wait until every hook that runs now has ended."""
    extension()[1].monitor_settle()


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
