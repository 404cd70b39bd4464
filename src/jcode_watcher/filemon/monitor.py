"""Watches the wanted files below one root, and delivers what happens to them."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec
import structlog

from jcode_watcher.filemon.capture import Capture
from jcode_watcher.filemon.counters import Counters
from jcode_watcher.filemon.errors import CannotWatch, ModeNotAvailable
from jcode_watcher.filemon.facts import Fact, FileState, Unkept
from jcode_watcher.filemon.following import Follower
from jcode_watcher.filemon.modes import WATCHES
from jcode_watcher.filemon.outbox import Outbox
from jcode_watcher.filemon.ports import Pauses, Watch
from jcode_watcher.filemon.rooted import Root, real_root

LOG = structlog.get_logger()
Mode = Literal["auto", "handles", "descriptors", "inotify", "rescan"]
CONTENT_BYTES_MAX = 1 << 20
RESCAN_SECONDS = 10.0
COMPARE_SECONDS = 3600.0


class FileMonitor:
    """Watches one root; several may exist, also on one file system.

    `wants` tells of a path relative to the root whether it is a source file to keep, `prunes` of a folder's
    path whether never to look inside, `content_bytes_max_of` how long a file may be to be told with its
    content; each must always give the same answer for the same path, and is called in the monitor's own
    thread. `known` is what an earlier run told: the newest `state` of each path; of one that is not wanted
    any more, nothing is told.
    `rescan_seconds` lie between two comparisons with the disk where the mode hears nothing or not everything,
    `compare_seconds` where it hears all but what other machines do to the same files.
    `deliver` is called in the same thread, with facts that are in order for each path. While it takes its
    time the kernel keeps what happens, but files are read later than they were saved. What it raises ends the
    monitor (see `failure`), and so does a root that is not at its path any more.
    The watched folders are only ever read.
    """

    def __init__(
        self,
        root: Path,
        deliver: Callable[[Sequence[Fact]], None],
        *,
        wants: Callable[[bytes], bool],
        prunes: Callable[[bytes], bool],
        known: Iterable[tuple[bytes, FileState]] = (),
        mode: Mode = "auto",
        content_bytes_max_of: Callable[[bytes], int] = lambda _: CONTENT_BYTES_MAX,
        rescan_seconds: float = RESCAN_SECONDS,
        compare_seconds: float = COMPARE_SECONDS,
    ) -> None:
        self._root = root
        self._wants = wants
        self._prunes = prunes
        self._known = known
        self._mode = mode
        self._content_bytes_max_of = content_bytes_max_of
        self._pauses = Pauses(rescan_seconds, compare_seconds)
        self.passed_over: tuple[str, ...] = ()
        """After the start: why each better mode than the one in use cannot watch here, in one line each."""
        self._outbox = Outbox(deliver)
        self._watch: Watch | None = None
        self._place: Root | None = None
        self._follower: Follower | None = None
        self._capture: Capture | None = None

    @property
    def failure(self) -> BaseException | None:
        """What ended the monitor before it was stopped; None while all is well."""
        return self._capture.failure if self._capture else None

    @property
    def left_off(self) -> bool:
        """True after a stop that had no time for all that was heard: `told_until_ns` says until when."""
        return self._capture is not None and self._capture.left_off

    @property
    def resting(self) -> bool:
        """True while all that was heard is told or queued to be, and nothing is to be looked at again.

        The counters cannot say so: they are read one after the other while the work goes on.
        """
        return self._capture is not None and self._capture.resting

    @property
    def told_until_ns(self) -> int:
        """Wall time before which every fact that happened has been delivered; 0 before the start."""
        return self._capture.told_until_ns() if self._capture else 0

    def start(self) -> str:
        """Hear everything from now on, compare with `known` behind it, and give the mode in use.

        CannotWatch if the root cannot be watched: one line that says why and what to do.
        """
        self._place = Root(real_root(self._root))
        mode, watch, self.passed_over = open_watch(self._root, self._mode, self._pauses)
        for why in self.passed_over:
            LOG.warning("better file mode passed over", root=os.fsdecode(self._root), mode=mode, why=why)
        self._watch = watch
        self._follower = Follower(
            watch.disk,
            wants=self._wants,
            prunes=self._prunes,
            known=self._known,
            content_bytes_max_of=self._content_bytes_max_of,
            emit=self._outbox.put,
        )
        self._known = ()
        self._capture = Capture(watch, self._follower, self._outbox, self._place)
        self._capture.start()
        return mode

    def wait_scanned(self, timeout_seconds: float) -> int:
        """Wait for the first comparison with the disk, and give the number of files found changed.

        TimeoutError if that takes longer.
        """
        if self._capture is None or self._follower is None:
            raise RuntimeError("wait_scanned before start")
        if not self._capture.scanned.wait(timeout_seconds):
            raise TimeoutError(f"{self._root}: not compared with the disk within {timeout_seconds} s")
        return self._follower.scanner.changed

    def tell_again(self, unkept: Iterable[Unkept]) -> None:
        """Tell once more what was told and not kept, as it is by now. From any thread; never waits."""
        if self._follower is not None and self._capture is not None:
            self._follower.scanner.tell_again(unkept)
            self._capture.wake()

    def stop(self) -> None:
        """Deliver what was heard until now, and stop; files that still wait for quiet are left to `known`."""
        if self._capture is not None and self._watch is not None:
            self._capture.stop()
            self._watch.close()
        if self._place is not None:
            self._place.close()

    def counters(self) -> Counters:
        """Count what was heard, told and dropped until now; all zero before the start."""
        if self._follower is None or self._watch is None or self._capture is None:
            return Counters()
        return Counters(
            **msgspec.structs.asdict(self._follower.tally),
            foreign=self._watch.foreign,
            delivered=self._outbox.delivered,
            folders=len(self._follower.tree),
            files=self._follower.tree.file_count,
            waiting=len(self._follower.settling),
            heard_bytes_queued=self._capture.heard_bytes,
            flooding=self._follower.flooding,
            scanning=int(self._follower.comparing),
        )


def open_watch(root: Path, mode: Mode, pauses: Pauses) -> tuple[str, Watch, tuple[str, ...]]:
    """Begin to watch in the mode asked for, or in the first that works, with why the better ones do not.

    CannotWatch if none does.
    """
    if mode != "auto" and mode not in WATCHES:
        raise ModeNotAvailable(
            f"file mode {mode!r} is not available in this version; "
            f"available: auto, {', '.join(m for m in get_args(Mode) if m in WATCHES)}"
        )
    path = real_root(root)
    refused: list[CannotWatch] = []
    for name in WATCHES if mode == "auto" else (mode,):
        try:
            watch = WATCHES[name](path, pauses)
        except CannotWatch as e:
            refused.append(e)
        else:
            return name, watch, tuple(str(e) for e in refused)
    # The last one asks for the least.
    least = refused[-1]
    raise least if mode != "auto" else type(least)(f"no file mode can watch here: {least}")
