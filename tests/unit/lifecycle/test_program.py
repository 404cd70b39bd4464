from __future__ import annotations

import json
import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.lifecycle.program import run
from jcode_watcher.lifecycle.settings import LifecycleSettings
from jcode_watcher.serving import CannotListen
from jcode_watcher.settings import BadSetting, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.unit.lifecycle.conftest import HandFedTracer

    from jcode_watcher.lifecycle.monitor import Deliver, Tracer
    from jcode_watcher.procmon.facts import Executed

    Facts = Callable[[int], list[Executed]]


def end_this_program() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_ready_is_the_first_line_even_if_events_came_before(
    tracer_type: type[HandFedTracer], facts: Facts, capfd: pytest.CaptureFixture[str]
) -> None:
    class Eager(tracer_type):  # type: ignore[valid-type,misc] # the class comes from a fixture
        def start(self) -> None:
            super().start()
            self.deliver(facts(3))
            end_this_program()

    assert run(LifecycleSettings(port=0), Eager) == 0
    printed = capfd.readouterr()
    first, *rest = printed.out.splitlines()
    assert first == '{"type":"READY"}'
    assert [json.loads(line)["pid"] for line in rest] == [1, 2, 3]
    assert printed.err.startswith("jcode-watcher: listening on http://127.0.0.1:")


def test_what_is_traced_at_the_very_end_is_told(
    tracer_type: type[HandFedTracer], facts: Facts, capfd: pytest.CaptureFixture[str]
) -> None:
    class Late(tracer_type):  # type: ignore[valid-type,misc] # the class comes from a fixture
        def start(self) -> None:
            super().start()
            end_this_program()

        def stop(self) -> None:
            self.deliver(facts(2))
            super().stop()

    assert run(LifecycleSettings(port=0), Late) == 0
    assert len(capfd.readouterr().out.splitlines()) == 3


def test_a_tracer_that_dies_ends_the_program_with_its_fault(tracer_type: type[HandFedTracer]) -> None:
    class Dying(tracer_type):  # type: ignore[valid-type,misc] # the class comes from a fixture
        def start(self) -> None:
            """Start, and die at once."""

        def stop(self) -> None:
            raise ZeroDivisionError("what ended it")

    with pytest.raises(ZeroDivisionError, match="what ended it"):
        run(LifecycleSettings(port=0, stdout=False), Dying)


def test_a_port_that_is_taken_is_noticed_before_anything_is_traced() -> None:
    def make_tracer(deliver: Deliver, hostname_prefixes: Sequence[str]) -> Tracer:
        raise AssertionError(f"must not trace: {deliver} {hostname_prefixes}")

    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(CannotListen, match="another program listens there"),
    ):
        run(LifecycleSettings(port=other.getsockname()[1]), make_tracer)


@pytest.mark.parametrize("prefixes", [("",), ("x" * 65,), ("p",) * 17])
def test_prefixes_that_the_kernel_cannot_compare_are_a_bad_setting(prefixes: tuple[str, ...]) -> None:
    with pytest.raises(BadSetting, match=r"^--hostname-prefix: "):
        run(LifecycleSettings(port=0, hostname_prefix=prefixes))


@pytest.mark.parametrize("origin", ["x", "ide.example.org", "https://ide.example.org/page", "*"])
def test_what_is_no_origin_is_a_bad_setting(origin: str) -> None:
    with pytest.raises(BadSetting, match=r"^--allowed-origin .*such as https://ide\.example\.org"):
        load(LifecycleSettings, {"allowed_origin": [origin]}, {})


def test_an_address_beyond_this_machine_is_warned_of(
    tracer_type: type[HandFedTracer], capfd: pytest.CaptureFixture[str]
) -> None:
    class Short(tracer_type):  # type: ignore[valid-type,misc] # the class comes from a fixture
        def start(self) -> None:
            super().start()
            end_this_program()

    assert run(LifecycleSettings(host="0.0.0.0", port=0, stdout=False), Short) == 0
    assert "whoever reaches this address sees every command line" in capfd.readouterr().err
