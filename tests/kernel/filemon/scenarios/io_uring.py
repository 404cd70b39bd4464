"""A file is opened, written and closed by io_uring alone: no system call of its own does it."""

import ctypes
import mmap
import os
import struct

from promises import kept, pause, save

SETUP, ENTER = 425, 426
OPENAT, CLOSE, WRITE = 18, 19, 23
ENTRIES, ENTRY_BYTES = 4, 64
AT_SQES = 0x10000000
SINGLE_MMAP = 1
GETEVENTS = 1
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class Ring:
    """As few parts of it as one request at a time needs."""

    def __init__(self) -> None:
        parameters = ctypes.create_string_buffer(120)
        self._fd = _libc.syscall(SETUP, ENTRIES, parameters)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "io_uring_setup")
        (features,) = struct.unpack_from("<I", parameters, 20)
        assert features & SINGLE_MMAP
        self._sq = struct.unpack_from("<10I", parameters, 40)
        self._cq = struct.unpack_from("<10I", parameters, 80)
        size = max(self._sq[6] + ENTRIES * 4, self._cq[5] + 2 * ENTRIES * 16)
        self._ring = mmap.mmap(self._fd, size)
        self._entries = mmap.mmap(self._fd, ENTRIES * ENTRY_BYTES, offset=AT_SQES)

    def do(self, opcode: int, fd: int, at: int, length: int, offset: int = 0, flags: int = 0) -> int:
        """Do one thing, and give its result."""
        tail, mask = self._get(self._sq[1]), self._get(self._sq[2])
        entry = struct.pack("<BBHiQQIIQ", opcode, 0, 0, fd, offset, at, length, flags, 7)
        self._entries[(tail & mask) * ENTRY_BYTES : (tail & mask) * ENTRY_BYTES + len(entry)] = entry
        self._put(self._sq[6] + (tail & mask) * 4, tail & mask)
        self._put(self._sq[1], tail + 1)
        if _libc.syscall(ENTER, self._fd, 1, 1, GETEVENTS, None, 0) != 1:
            raise OSError(ctypes.get_errno(), "io_uring_enter")
        head = self._get(self._cq[0])
        done = self._cq[5] + (head & self._get(self._cq[2])) * 16
        (result,) = struct.unpack_from("<i", self._ring, done + 8)
        self._put(self._cq[0], head + 1)
        return int(result)

    def _get(self, at: int) -> int:
        return int(struct.unpack_from("<I", self._ring, at)[0])

    def _put(self, at: int, value: int) -> None:
        struct.pack_into("<I", self._ring, at, value)


def write(ring: Ring, path: str, content: bytes) -> None:
    name, text = ctypes.create_string_buffer(os.fsencode(path)), ctypes.create_string_buffer(content)
    how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    fd = ring.do(OPENAT, -100, ctypes.addressof(name), 0o644, flags=how)
    assert fd >= 0, fd
    assert ring.do(WRITE, fd, ctypes.addressof(text), len(content)) == len(content)
    assert ring.do(CLOSE, fd, 0, 0) == 0
    kept(path, content)


save("main.c", b"int main;\n")
pause()
try:
    ring = Ring()
except OSError as e:
    # Nothing to promise where the kernel does not offer it.
    print(f"# {e}")
else:
    for n in range(5):
        write(ring, "main.c", b"int ring%d;\n" % n)
        pause()
    write(ring, "fresh.c", b"int fresh;\n")
