"""Lines to stdout, whose reader may stall: that must stall nobody else."""

import asyncio
import contextlib
import os
import select
import sys
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from jcode_watcher.lifecycle.encoding import as_json
from jcode_watcher.lifecycle.errors import CannotPrint
from jcode_watcher.lifecycle.objects import READY
from jcode_watcher.serving import Missed, Subscription

LINES_PER_WRITE_MAX = 4_096


class Printer:
    """Prints READY and then every event of a subscription, one JSON object a line."""

    def __init__(self, subscription: Subscription[bytes], descriptor: int) -> None:
        self._subscription = subscription
        self._descriptor = descriptor
        self._printing: asyncio.Task[None] | None = None
        self._being_written = 0

    def start(self, when_over: Callable[[], None]) -> None:
        """Begin to print; `when_over` is called when the reader is gone or nothing can be written."""
        self._printing = asyncio.create_task(self._print(Output(self._descriptor)))
        self._printing.add_done_callback(lambda _: when_over())

    async def finish(self, grace_seconds: float) -> None:
        """Return once the rest is printed, or the grace is over; the publisher must have closed.

        CannotPrint where the lines could not be written.
        """
        if self._printing is None:
            return
        await asyncio.wait({self._printing}, timeout=grace_seconds)
        if self._printing.done():
            self._printing.result()
            return
        self._printing.cancel()
        unread = self._being_written + count_of(await self._subscription.take(sys.maxsize))
        print(f"jcode-watcher: stdout's reader left up to {unread} lines unread", file=sys.stderr, flush=True)

    async def _print(self, output: "Output") -> None:
        try:
            await output.write(READY + b"\n")
            while taken := await self._subscription.take(LINES_PER_WRITE_MAX):
                self._being_written = count_of(taken)
                await output.write(b"\n".join([*as_json(taken), b""]))
                self._being_written = 0
        except BrokenPipeError:
            # As with `jcode-watcher lifecycle | head`: the reader has had enough.
            return
        except OSError as error:
            raise CannotPrint(f"stdout: {error.strerror}; give it room, or use --no-stdout") from error
        finally:
            output.close()


def count_of(taken: Sequence[bytes | Missed]) -> int:
    """Count the events among what was taken, those that were missed included."""
    return sum(item.count if isinstance(item, Missed) else 1 for item in taken)


class Writing(NamedTuple):
    """Bytes to be written, and who waits for that."""

    data: bytes
    done: "asyncio.Future[None]"


class Output:
    """A file descriptor that is written by a thread of its own.

    Making the descriptor non-blocking instead would do so for every process that shares it, the operator's
    shell among them. The thread is a daemon, so that a write that never ends does not keep the program up.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._writings: SimpleQueue[Writing | None] = SimpleQueue()
        self._thread = Thread(target=self._write_all, name="stdout", daemon=True)
        self._thread.start()

    async def write(self, data: bytes) -> None:
        """Return once all bytes are written; OSError if they cannot be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writings.put(Writing(data, done))
        await done

    def close(self) -> None:
        """Let the thread end after the write that it is at."""
        self._writings.put(None)

    def _write_all(self) -> None:
        while (writing := self._writings.get()) is not None:
            failure: OSError | None = None
            try:
                write_whole(self._descriptor, writing.data)
            except OSError as error:
                failure = error
            # A loop that has closed meanwhile waits for nothing.
            with contextlib.suppress(RuntimeError):
                writing.done.get_loop().call_soon_threadsafe(settle, writing.done, failure)


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of the bytes, which the kernel may take in parts; wait as long as it takes."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Another program that shares the descriptor has made it non-blocking.
            select.select([], [descriptor], [])


def settle(done: "asyncio.Future[None]", failure: OSError | None) -> None:
    """Tell who waits, if it still does."""
    if done.done():
        return
    if failure is None:
        done.set_result(None)
    else:
        done.set_exception(failure)
