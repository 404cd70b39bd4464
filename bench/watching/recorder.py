"""Keeps whatever one way of watching tells: `python -m bench.watching.recorder WAY ROOT`.

Says `ready` when it hears; at the next line it waits until nothing was told for a while, and then answers
with all that was, as JSON: what, path, SHA-256 and destination of each. Peers are asked as their manuals say,
and what their events mean is decided in their favour: each one of a source file is a reason to read it.
"""

import contextlib
import hashlib
import json
import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

QUIET_SECONDS = 2.2
"""watchfiles gathers for 1.6 s before it tells."""
STEP_SECONDS = 0.05
START_SECONDS_MAX = 30.0
SUFFIXES = (".c", ".h", ".py")
PRUNED = {".git", "node_modules", "__pycache__"}
CONTENT_BYTES_MAX = 1 << 20
RESCAN_SECONDS = 1.0


class Record:
    """What was told, and when the last of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[tuple[str, str, str | None, str]] = []
        self.last = time.monotonic()

    def note(self, what: str, path: str, sha256: str | None, destination: str = "") -> None:
        self.told.append((what, path, sha256, destination))
        self.last = time.monotonic()

    def below(self, path: str | bytes) -> str | None:
        """Give the path below the root of what is a source file to keep."""
        relative = os.path.relpath(os.fsdecode(path), self.root)
        folders = Path(relative).parts[:-1]
        return relative if relative.endswith(SUFFIXES) and not PRUNED.intersection(folders) else None

    def seen(self, path: str | bytes) -> None:
        """Read what a path leads to, if that is a file of a sensible size; else it is gone."""
        relative = self.below(path)
        if relative is None:
            return
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                return
            small = status.st_size <= CONTENT_BYTES_MAX
            self.note("saved", relative, digest(path) if small else None)
        except OSError:
            self.gone(path)

    def gone(self, path: str | bytes) -> None:
        relative = self.below(path)
        if relative is not None:
            self.note("deleted", relative, None)

    def moved(self, path: str | bytes, destination: str | bytes) -> None:
        old, new = self.below(path), self.below(destination)
        if old is None or new is None:
            self.gone(path)
            self.seen(destination)
            return
        try:
            self.note("moved", old, digest(destination), new)
        except OSError:
            self.gone(path)


def digest(path: str | bytes) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - names are bytes
        return hashlib.file_digest(file, "sha256").hexdigest()


def ours(mode: str, record: Record) -> None:
    from jcode_watcher.filemon import Deleted, FileMonitor, Moved, Saved  # noqa: PLC0415 - peers have none

    def deliver(facts: object) -> None:
        for fact in facts:
            match fact:
                case Saved():
                    record.note("saved", os.fsdecode(fact.path), fact.sha256)
                case Deleted():
                    record.note("deleted", os.fsdecode(fact.path), None)
                case Moved():
                    old, new = os.fsdecode(fact.path), os.fsdecode(fact.destination)
                    record.note("moved", old, fact.state.sha256, new)

    suffixes, pruned = tuple(map(os.fsencode, SUFFIXES)), set(map(os.fsencode, PRUNED))
    monitor = FileMonitor(
        record.root,
        deliver,
        wants=lambda path: path.endswith(suffixes),
        prunes=lambda path: path.rpartition(b"/")[2] in pruned,
        mode=mode,
        content_bytes_max_of=lambda _: CONTENT_BYTES_MAX,
        rescan_seconds=RESCAN_SECONDS,
    )
    monitor.start()
    monitor.wait_scanned(60)


def by_watchdog(record: Record) -> None:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler  # noqa: PLC0415
    from watchdog.observers import Observer  # noqa: PLC0415

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.is_directory:
                return
            if event.event_type == "moved":
                record.moved(event.src_path, event.dest_path)
            elif event.event_type == "deleted":
                record.gone(event.src_path)
            elif event.event_type in ("created", "modified", "closed"):
                record.seen(event.src_path)

    observer = Observer()
    observer.schedule(Handler(), str(record.root), recursive=True)
    observer.start()


def by_watchfiles(record: Record) -> None:
    import watchfiles  # noqa: PLC0415

    ready = threading.Event()

    def run() -> None:
        changes = watchfiles.watch(
            record.root, watch_filter=None, rust_timeout=50, yield_on_timeout=True, raise_interrupt=False
        )
        with contextlib.suppress(RuntimeError):  # A name that is no UTF-8 ends it.
            for found in changes:
                ready.set()
                for _, path in found:
                    record.seen(path)

    threading.Thread(target=run, daemon=True).start()
    if not ready.wait(START_SECONDS_MAX):
        raise TimeoutError("watchfiles did not begin")


WAYS: dict[str, Callable[[Record], None]] = {
    "handles": lambda record: ours("handles", record),
    "descriptors": lambda record: ours("descriptors", record),
    "inotify": lambda record: ours("inotify", record),
    "rescan": lambda record: ours("rescan", record),
    "watchdog": by_watchdog,
    "watchdog7": by_watchdog,
    "watchfiles": by_watchfiles,
}


def main(way: str, root: str) -> None:
    record = Record(Path(root))
    WAYS[way](record)
    print("ready", flush=True)
    sys.stdin.readline()
    record.last = time.monotonic()
    while time.monotonic() - record.last < QUIET_SECONDS:
        time.sleep(STEP_SECONDS)
    print(json.dumps(record.told), flush=True)
    os._exit(0)  # Some ways end by themselves only, others never.


if __name__ == "__main__":
    main(*sys.argv[1:])
