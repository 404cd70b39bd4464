import pytest

from jcode_watcher.lifecycle.ending import name_of, status_of


@pytest.mark.parametrize(
    ("exit_code", "signal", "status"),
    [
        (0, None, 0),
        (1, None, 1),
        (255, None, 255),
        (None, 1, 129),
        (None, 9, 137),
        (None, 11, 139),
        (None, 64, 192),
    ],
)
def test_the_status_is_what_a_shell_shows(exit_code: int | None, signal: int | None, status: int) -> None:
    assert status_of(exit_code, signal) == status


@pytest.mark.parametrize(
    ("signal", "name"),
    [
        (None, None),
        (6, "SIGABRT"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (15, "SIGTERM"),
        (32, "SIG32"),
        (34, "SIGRTMIN"),
        (37, "SIGRTMIN+3"),
        (64, "SIGRTMIN+30"),
        (99, "SIG99"),
    ],
)
def test_a_signal_is_named(signal: int | None, name: str | None) -> None:
    assert name_of(signal) == name
