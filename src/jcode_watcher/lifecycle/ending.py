"""How a process ended, in the terms of a shell."""

from signal import SIGRTMAX, SIGRTMIN, Signals

SIGNAL_STATUS_BASE = 128
NAMES = {number.value: number.name for number in Signals} | {
    int(number): f"SIGRTMIN+{number - SIGRTMIN}" for number in range(SIGRTMIN + 1, SIGRTMAX + 1)
}


def status_of(exit_code: int | None, signal: int | None) -> int:
    """Give the status that a shell would show: the exit code, or 128 and the signal's number."""
    if signal is not None:
        return SIGNAL_STATUS_BASE + signal
    return exit_code or 0


def name_of(signal: int | None) -> str | None:
    """Name a signal as `kill -l` does; `SIG32` and `SIG33` are those that the C library keeps for itself."""
    return None if signal is None else NAMES.get(signal, f"SIG{signal}")
