"""The kernel's tables of containers, as far as user space has a say in them."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jcode_watcher.procmon._ring import CData, Ffi, Lib
    from jcode_watcher.procmon.record import Layout

Key = TypeVar("Key", bound=tuple[object, ...])
Value = TypeVar("Value", bound=tuple[object, ...])
ADD = 1
"""BPF_NOEXIST: what the kernel has put there meanwhile stays."""
REPLACE = 2
"""BPF_EXIST: what the kernel has removed meanwhile is not made anew."""


class Table(Generic[Key, Value]):
    """A map of the kernel. A call costs about a microsecond."""

    def __init__(self, ffi: Ffi, lib: Lib, descriptor: int, key: Layout[Key], value: Layout[Value]) -> None:
        """Use the map behind `descriptor`, which belongs to the monitor."""
        self._ffi = ffi
        self._lib = lib
        self._descriptor = descriptor
        self._key = key
        self._value = value

    def __iter__(self) -> Iterator[Key]:
        """Give the keys, each once. One that comes or goes meanwhile may be missing."""
        seen: set[Key] = set()
        following = self._ffi.new("char[]", self._key.size)
        current: CData = self._ffi.NULL
        while self._lib.bpf_map_get_next_key(self._descriptor, current, following) == 0:
            key = self._key.read(bytes(self._ffi.buffer(following, self._key.size)))
            # After a key that has gone meanwhile the kernel begins again.
            if key in seen:
                break
            seen.add(key)
            current = self._packed(key)
        return iter(seen)

    def get(self, key: Key) -> Value | None:
        """Give what stands there."""
        value = self._ffi.new("char[]", self._value.size)
        if self._lib.bpf_map_lookup_elem(self._descriptor, self._packed(key), value):
            return None
        return self._value.read(bytes(self._ffi.buffer(value, self._value.size)))

    def add(self, key: Key, value: Value) -> None:
        """Put a value where none stands, and there is room."""
        self._check(self._update(key, value, ADD), errno.EEXIST, errno.E2BIG)

    def replace(self, key: Key, value: Value) -> None:
        """Put another value where one stands; where none does, nothing."""
        self._check(self._update(key, value, REPLACE), errno.ENOENT)

    def remove(self, key: Key) -> None:
        """Remove what stands there, if anything does."""
        self._check(self._lib.bpf_map_delete_elem(self._descriptor, self._packed(key)), errno.ENOENT)

    def _update(self, key: Key, value: Value, how: int) -> int:
        packed = self._ffi.new("char[]", self._value.struct.pack(*value))
        return self._lib.bpf_map_update_elem(self._descriptor, self._packed(key), packed, how)

    def _packed(self, key: Key) -> CData:
        packed: CData = self._ffi.new("char[]", self._key.struct.pack(*key))
        return packed

    def _check(self, error: int, *allowed: int) -> None:
        if error and -error not in allowed:
            raise OSError(-error, f"cannot write to a table of the kernel: {os.strerror(-error)}")
