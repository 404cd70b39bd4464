import asyncio
import fcntl
import os
import select
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from jcode_watcher.lifecycle.errors import CannotPrint
from jcode_watcher.lifecycle.stdout import Printer
from jcode_watcher.serving import Fanout

PATIENCE_SECONDS = 10
READY_LINE = b'{"type":"READY"}\n'


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Give the ends of a pipe that holds one page, the least that the kernel allows."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    yield reading, writing
    with suppress(OSError):
        os.close(reading)
    # Whoever still writes fails now; only then may the number be given to another file.
    for thread in threading.enumerate():
        if thread.name == "stdout":
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
    os.close(writing)


def read_until(descriptor: int, end: bytes) -> bytes:
    text = b""
    while not text.endswith(end):
        text += os.read(descriptor, 65_536)
    return text


def test_ready_comes_first_and_then_every_event_on_a_line_of_its_own(pipe: tuple[int, int]) -> None:
    async def scenario() -> bytes:
        fanout: Fanout[bytes] = Fanout(10)
        printer = Printer(fanout.subscribe(), pipe[1])
        fanout.publish([b"1", b"2"])
        printer.start(when_over=lambda: None)
        fanout.publish([b"3"])
        fanout.close()
        await printer.finish(PATIENCE_SECONDS)
        return os.read(pipe[0], 4096)

    assert asyncio.run(scenario()) == READY_LINE + b"1\n2\n3\n"


def test_a_reader_that_stalls_holds_up_nobody_and_is_told_what_it_missed(pipe: tuple[int, int]) -> None:
    async def scenario() -> list[bytes]:
        fanout: Fanout[bytes] = Fanout(4)
        other = fanout.subscribe()
        printer = Printer(fanout.subscribe(), pipe[1])
        printer.start(when_over=lambda: None)
        await asyncio.to_thread(read_until, pipe[0], READY_LINE)
        # More than the pipe holds: the write cannot end before somebody reads.
        fanout.publish([b"x" * 10_000])
        assert len(await other.take(10)) == 1
        await asyncio.to_thread(select.select, [pipe[0]], [], [], PATIENCE_SECONDS)
        for number in range(10):
            fanout.publish([b"%d" % number])
            assert await other.take(10) == [b"%d" % number]
        fanout.close()
        text = asyncio.create_task(asyncio.to_thread(read_until, pipe[0], b"9\n"))
        await printer.finish(PATIENCE_SECONDS)
        return (await text).splitlines()

    assert asyncio.run(scenario()) == [b"x" * 10_000, b'{"type":"MISSED","count":6}', b"6", b"7", b"8", b"9"]


def test_a_stalled_reader_does_not_keep_the_program_up(
    pipe: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> None:
        fanout: Fanout[bytes] = Fanout(10)
        printer = Printer(fanout.subscribe(), pipe[1])
        printer.start(when_over=lambda: None)
        await asyncio.to_thread(read_until, pipe[0], READY_LINE)
        fanout.publish([b"x" * 100_000, b"y"])
        await asyncio.to_thread(select.select, [pipe[0]], [], [], PATIENCE_SECONDS)
        fanout.publish([b"z"])
        fanout.close()
        await printer.finish(grace_seconds=0.05)

    asyncio.run(scenario())
    assert capsys.readouterr().err == "jcode-watcher: stdout's reader left up to 3 lines unread\n"


def test_it_is_over_without_complaint_when_the_reader_goes(pipe: tuple[int, int]) -> None:
    async def scenario() -> None:
        over = asyncio.Event()
        fanout: Fanout[bytes] = Fanout(10)
        printer = Printer(fanout.subscribe(), pipe[1])
        os.close(pipe[0])
        printer.start(when_over=over.set)
        await asyncio.wait_for(over.wait(), PATIENCE_SECONDS)
        await printer.finish(PATIENCE_SECONDS)

    asyncio.run(scenario())


def test_a_descriptor_that_was_made_non_blocking_is_waited_for(pipe: tuple[int, int]) -> None:
    os.set_blocking(pipe[1], False)

    async def scenario() -> bytes:
        fanout: Fanout[bytes] = Fanout(10)
        printer = Printer(fanout.subscribe(), pipe[1])
        fanout.publish([b"x" * 100_000, b"end"])
        printer.start(when_over=lambda: None)
        fanout.close()
        text = await asyncio.to_thread(read_until, pipe[0], b"end\n")
        await printer.finish(PATIENCE_SECONDS)
        return text

    assert asyncio.run(scenario()) == READY_LINE + b"x" * 100_000 + b"\nend\n"


def test_a_full_disk_is_said() -> None:
    async def scenario() -> None:
        over = asyncio.Event()
        fanout: Fanout[bytes] = Fanout(10)
        full = os.open("/dev/full", os.O_WRONLY)
        try:
            printer = Printer(fanout.subscribe(), full)
            printer.start(when_over=over.set)
            await asyncio.wait_for(over.wait(), PATIENCE_SECONDS)
            await printer.finish(PATIENCE_SECONDS)
        finally:
            os.close(full)

    with pytest.raises(CannotPrint, match=r"^stdout: No space left on device; give it room"):
        asyncio.run(scenario())
