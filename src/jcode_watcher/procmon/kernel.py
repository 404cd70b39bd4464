"""The BPF programs and their ring buffer, as loaded by the compiled extension."""

from __future__ import annotations

import os
import platform
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jcode_watcher.procmon.decode import head_of
from jcode_watcher.procmon.errors import LoadFailed
from jcode_watcher.procmon.privilege import (
    TYPE_INFORMATION,
    effective_capabilities,
    refusal_of_load,
    refusal_of_machine,
)
from jcode_watcher.procmon.record import HEAD, MEMBER, Head, Member
from jcode_watcher.procmon.ring import Ring, extension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jcode_watcher.procmon._ring import CData
    from jcode_watcher.procmon.options import Options

LOG_BYTES: Final = 1 << 16
ITERATOR_BYTES: Final = 1 << 16


class Kernel(Ring):
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
        super().__init__(self._load(options, pins))
        self.resumed = bool(self._lib.monitor_resumed(self._monitor))

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

    def expect_pins(self, *, memory: bool, level: int) -> None:
        """Look for pins at this depth, as one was added from outside."""
        self._lib.monitor_expect_pins(self._monitor, memory, level)

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
