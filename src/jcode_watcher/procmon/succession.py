"""What to do about programs that an earlier process left: take them up, succeed them, or begin anew.

With the same tag they are taken up. Others are succeeded: first ours are attached, then theirs are detached,
and what lies in their ring is told before what lies in ours. We may be killed at any moment of this: until
the ledger knows our ring, theirs tells everything; after that the cut says which of the two tells what.
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from jcode_watcher.procmon.cgroups import levels_of
from jcode_watcher.procmon.clock import WallClock, boot_ns
from jcode_watcher.procmon.errors import CannotPin, CannotTell, CannotTrace
from jcode_watcher.procmon.kernel import Kernel
from jcode_watcher.procmon.ledger import Cut, Progress
from jcode_watcher.procmon.options import Options
from jcode_watcher.procmon.pinning import (
    Pinning,
    detach,
    embedded_programs,
    has_tag,
    is_attached,
    is_bpffs,
    is_readable,
    made,
    pinned_in,
    remove,
    ring_in,
    tag_of,
    taken,
)
from jcode_watcher.procmon.remainder import Remainder
from jcode_watcher.procmon.ring import Ring, left_in, settle

RINGS_MAX: Final = 16
"""Of which not all is told: so many successions without one event. Each holds the memory of a ring."""


class Left(NamedTuple):
    """What an earlier process left."""

    folder: Path
    progress: Progress


class Attached(NamedTuple):
    """Programs that are attached, and what is to be told before what they hear."""

    kernel: Kernel
    ring: str = ""
    """Its name, where it outlives this process."""
    progress: Progress | None = None
    """What was told of it; None where it is new."""
    remainders: Sequence[Remainder] = ()
    lock: int | None = None
    """A descriptor; the folder is another's once it is closed."""
    untold: str | None = None
    """Why what happened before is not told by this process; None where it is."""

    def close(self) -> None:
        """Let go of everything; what is pinned stays."""
        for remainder in self.remainders:
            remainder.close()
        self.kernel.close()
        if self.lock is not None:
            os.close(self.lock)


def attached(options: Options, pinning: Pinning, clock: WallClock) -> Attached:
    """Attach, in the place of what is pinned; CannotTrace if that is refused."""
    lock = taken(pinning.folder, is_bpffs)
    try:
        found = _attached(options, pinning, clock)
    except BaseException:
        os.close(lock)
        raise
    return found._replace(lock=lock)


def _attached(options: Options, pinning: Pinning, clock: WallClock) -> Attached:
    tag = tag_of(embedded_programs(), options)
    try:
        left = _left(pinning)
        if has_tag(left[-1].folder, tag):
            return _resumed(options, pinning, left, clock)
        return _succeeded(options, pinning, tag, left, clock)
    except CannotTell as reason:
        return _begun(options, pinning, tag)._replace(untold=str(reason))


def _left(pinning: Pinning) -> Sequence[Left]:
    """Give what is to be told, oldest first, if all of it can be."""
    folders = {ring_in(folder): folder for folder in pinned_in(pinning.folder)}
    known = pinning.ledger.left()
    if not known:
        raise CannotTell("nothing is known to be left" if not folders else "how far it was told is not known")
    if any(progress.ring not in folders for progress in known):
        raise CannotTell("what was pinned is gone")
    left = [Left(folders[progress.ring], progress) for progress in known]
    if not all(is_readable(folder) for folder, _ in left):
        raise CannotTell("another version laid its records out differently")
    if not is_attached(left[-1].folder):
        raise CannotTell("a part of what was pinned is gone")
    if len(left) >= RINGS_MAX:
        raise CannotTell(f"{len(left)} rings wait to be told")
    return left


def _begun(options: Options, pinning: Pinning, tag: str) -> Attached:
    folder = made(pinning.folder, tag)
    with ExitStack() as opening:
        kernel = opening.enter_context(closing(Kernel(options, folder)))
        kernel.attach()
        ring = _ring_of(folder)
        pinning.ledger.begin(ring)
        _leave([], folder, pinning.folder)
        opening.pop_all()
    return Attached(kernel, ring)


def _resumed(options: Options, pinning: Pinning, left: Sequence[Left], clock: WallClock) -> Attached:
    folder, progress = left[-1]
    with ExitStack() as opening:
        try:
            kernel = opening.enter_context(closing(Kernel(options, folder)))
        except CannotTrace as error:
            # What lies there is no use; if no programs can be loaded at all, beginning anew will say so.
            raise CannotTell(str(error)) from error
        if not kernel.resumed or not kernel.begin_at(progress.position):
            raise CannotTell("what was pinned is not what was told of")
        kernel.attach()
        remainders = _remainders(left, clock, opening)
        pinning.ledger.go_on()
        _leave(left[:-1], folder, pinning.folder)
        opening.pop_all()
    return Attached(kernel, progress.ring, progress, remainders)


def _succeeded(
    options: Options, pinning: Pinning, tag: str, left: Sequence[Left], clock: WallClock
) -> Attached:
    older, folder = left[-1].folder, made(pinning.folder, tag)
    with ExitStack() as opening:
        theirs = left_in(older)
        kernel = opening.enter_context(closing(Kernel(options, folder)))
        with closing(theirs):
            hand_down(theirs, kernel, tuple(options.prefixes))
            attaching_ns = boot_ns()
            kernel.attach()
            settle()
            attached_ns = boot_ns()
            for gone in theirs.removed:
                kernel.pins.remove(gone)
        ring = _ring_of(folder)
        remainders = _remainders([*left, Left(folder, Progress(ring))], clock, opening)
        settle()
        cut = Cut(attaching_ns, attached_ns, boot_ns())
        remainders[-1].end_at(cut)
        pinning.ledger.succeed(ring, cut)
        # Only now: until the ledger knew ours, theirs told everything.
        _leave(left, folder, pinning.folder)
        opening.pop_all()
    return Attached(kernel, ring, None, remainders)


def hand_down(theirs: Ring, kernel: Kernel, prefixes: tuple[bytes, ...]) -> None:
    """Let our programs know from their first moment on whose each container is, as theirs have found out."""
    for key in theirs.pins:
        pin = theirs.pins.get(key)
        if pin and prefixes and pin.hostname.startswith(prefixes):
            kernel.pins.add(key, pin)
            for level in levels_of(pin):
                kernel.expect_pins(memory=key.hierarchy != 0, level=level)


def _remainders(left: Sequence[Left], clock: WallClock, opening: ExitStack) -> Sequence[Remainder]:
    """Open all but the latest."""
    return [
        opening.enter_context(closing(Remainder(folder, progress, newer.folder, clock)))
        for (folder, progress), newer in pairwise(left)
    ]


def _ring_of(folder: Path) -> str:
    ring = ring_in(folder)
    if ring is None:
        raise CannotPin(f"cannot pin programs in {folder}: somebody removed it; start again")
    return ring


def _leave(left: Sequence[Left], ours: Path, folder: Path) -> None:
    """Let what was left hear no more, now that ours do, and take down what is neither."""
    for theirs, _ in left:
        detach(theirs)
    for other in pinned_in(folder) - {ours, *(theirs for theirs, _ in left)}:
        remove(other)
