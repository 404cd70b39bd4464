"""Ways of watching a folder, ours and our peers' by their manuals: each tells the path of every save."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import watchfiles
from watchdog.events import FileClosedEvent, FileSystemEventHandler
from watchdog.observers import Observer

from jcode_watcher.filemon import Fact, FileMonitor, Saved, fanotify
from jcode_watcher.filemon.modes import handles

Take = Callable[[bytes], None]
Begin = Callable[[Path, Take], int]
"""Gives the pid of the process that watches, 0 for the one that asks."""
BYTES_MAX = 1 << 20


def ours(root: Path, take: Take) -> int:
    def deliver(facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Saved) and fact.how != "rescan":
                take(fact.path)

    return monitored(root, deliver)


def ours_with_a_short_queue(root: Path, take: Take) -> int:
    """As where the kernel gives no unlimited queue; what the comparison behind an overflow finds counts."""

    def deliver(facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Saved):
                take(fact.path)

    init = handles.HandleWatch.__init__
    init.__kwdefaults__["group"] = handles.GROUP & ~fanotify.UNLIMITED_QUEUE
    return monitored(root, deliver)


def monitored(root: Path, deliver: Callable[[Sequence[Fact]], None]) -> int:
    monitor = FileMonitor(
        root,
        deliver,
        wants=lambda path: path.endswith(b".c"),
        prunes=lambda path: path.endswith((b"/.git", b"/node_modules")),
        mode="handles",
        content_bytes_max_of=lambda _: BYTES_MAX,
    )
    monitor.start()
    return 0


def by_watchdog(root: Path, take: Take) -> int:
    class Handler(FileSystemEventHandler):
        def on_closed(self, event: FileClosedEvent) -> None:
            take(bytes(Path(event.src_path)))

    observer = Observer()
    observer.schedule(Handler(), str(root), recursive=True)
    observer.start()
    return 0


def by_watchfiles(root: Path, take: Take) -> int:
    def run() -> None:
        for changes in watchfiles.watch(root, raise_interrupt=False):
            for _, path in changes:
                take(path.encode())

    threading.Thread(target=run, daemon=True).start()
    return 0


def by_inotifywait(root: Path, take: Take) -> int:
    command = ("inotifywait", "-q", "-m", "-r", "-e", "close_write", "--format", "%f", root)
    process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def run() -> None:
        assert process.stdout
        for line in process.stdout:
            take(line.rstrip(b"\n"))

    threading.Thread(target=run, daemon=True).start()
    return process.pid


WAYS: dict[str, Begin] = {
    "ours": ours,
    "ours_short_queue": ours_with_a_short_queue,
    "watchdog": by_watchdog,
    "watchfiles": by_watchfiles,
    "inotifywait": by_inotifywait,
}
