# The compiled extension, as far as it is used: disk/disk.h through cffi.

from typing import Protocol

class CData: ...

class Reading:
    inode: int
    size: int
    links: int
    mtime_ns: int
    ctime_ns: int
    read: int
    in_place: int
    changed: int

class Ffi(Protocol):
    def new(self, kind: str, init: int | None = None) -> CData: ...
    def buffer(self, data: CData, size: int) -> bytes: ...

class Lib(Protocol):
    def disk_open_handle(self, mount_fd: int, handle: bytes, flags: int) -> int: ...
    def disk_open_beneath(self, folder_fd: int, path: bytes, flags: int) -> int: ...
    def disk_read(
        self,
        fd: int,
        folder_fd: int,
        path: bytes,
        links_max: int,
        buffer: CData,
        bytes_max: int,
        reading: Reading,
    ) -> int: ...

ffi: Ffi
lib: Lib
