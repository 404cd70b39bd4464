"""A moment to wait for that can be polled (timerfd_create(2), which Python has only since 3.13)."""

import ctypes
import os

CLOCK_MONOTONIC = 1
NANOSECONDS = 1_000_000_000
SHORTEST_NS = 1
"""Zero would mean never."""

_libc = ctypes.CDLL(None, use_errno=True)


class _Moment(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Setting(ctypes.Structure):
    _fields_ = (("every", _Moment), ("first", _Moment))


class Timer:
    """Becomes readable after a time, once or again and again."""

    def __init__(self) -> None:
        self._fd = _checked(_libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC))

    def fileno(self) -> int:
        """Give what to poll."""
        return self._fd

    def ring(self, after_seconds: float, every_seconds: float = 0.0) -> None:
        """Ring after this time, and then every so often; 0 for once."""
        setting = _Setting(_moment(every_seconds), _moment(max(after_seconds, SHORTEST_NS / NANOSECONDS)))
        _checked(_libc.timerfd_settime(self._fd, 0, ctypes.byref(setting), None))

    def rang(self) -> bool:
        """Tell whether it has rung since it was last asked."""
        try:
            os.read(self._fd, 8)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Ring no more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _moment(seconds: float) -> _Moment:
    return _Moment(*divmod(round(seconds * NANOSECONDS), NANOSECONDS))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
