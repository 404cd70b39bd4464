# The compiled extension, as far as it is used: bpf/monitor.h through cffi.

from collections.abc import Sequence
from typing import Any, Protocol

class CData:
    def __getitem__(self, index: int) -> Any: ...
    def __len__(self) -> int: ...

class Drained:
    bytes: int
    records: int
    caught_up: int

class Counts:
    seen: int
    filtered: int
    submitted: int
    dropped_ring_full: int
    argv_unreadable: int
    missed: int

class Ffi(Protocol):
    NULL: CData

    def new(self, kind: str, init: int | Sequence[Any] | bytes | None = None) -> Any: ...
    def string(self, text: CData) -> bytes: ...
    def buffer(self, data: CData, size: int) -> bytes: ...

class Lib(Protocol):
    def monitor_load(
        self,
        monitor: CData,
        ring_bytes: int,
        argv_bytes_max: int,
        prefixes: CData,
        prefix_bytes: CData,
        prefix_count: int,
        log: CData,
        log_bytes: int,
    ) -> int: ...
    def monitor_attach(self, monitor: CData) -> int: ...
    def monitor_detach(self, monitor: CData) -> None: ...
    def monitor_close(self, monitor: CData) -> None: ...
    def monitor_list_running(self, monitor: CData) -> int: ...
    def monitor_wait(self, monitor: CData, timeout_ms: int) -> int: ...
    def monitor_drain(self, monitor: CData, buffer: CData, buffer_bytes: int, drained: Drained) -> None: ...
    def monitor_count(self, monitor: CData, counts: Counts) -> int: ...

ffi: Ffi
lib: Lib
