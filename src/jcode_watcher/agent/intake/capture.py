"""The monitors of this node: started together, stopped together, all into one intake."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import time_ns
from typing import NamedTuple

import msgspec

from jcode_watcher.agent.intake.intake import Intake
from jcode_watcher.agent.placing.rules import Courses
from jcode_watcher.agent.placing.sources import Sources
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.spool import KnownFiles, Rings
from jcode_watcher.events import to_text
from jcode_watcher.filemon import FileMonitor
from jcode_watcher.filemon.counters import Counters as FileCounters
from jcode_watcher.filemon.errors import why_ended
from jcode_watcher.filemon.facts import Fact as FileFact
from jcode_watcher.filemon.facts import Unkept
from jcode_watcher.procmon import BadOption, Pinning, ProcessMonitor
from jcode_watcher.settings import BadSetting

PROCESS_MODE = "tp_btf"


def real_roots(roots: Sequence[Path]) -> tuple[bytes, ...]:
    """Give the roots as the kernel names them: absolute, without symbolic links."""
    return tuple(os.fsencode(root.resolve()) for root in roots)


class WatchedRoot(NamedTuple):
    """How it stands with one root."""

    name: str
    mode: str
    counters: FileCounters
    told_until_ns: int


class Capture:
    """Watches what the settings say."""

    def __init__(self, settings: AgentSettings, intake: Intake, known: KnownFiles, rings: Rings) -> None:
        """Take where facts go, and what was known of files and told of processes when the agent last ran."""
        self._intake = intake
        self._settings = settings
        self._known = known
        self._rings = rings
        self._sources = Sources(Courses(settings))
        self._processes = self._process_monitor() if settings.procmon else None
        roots = real_roots(settings.root) if settings.filemon else ()
        self._files = {root: self._file_monitor(root) for root in roots}
        self.modes: dict[str, str] = {}

    def start(self) -> None:
        """Begin to look; CannotTrace or CannotWatch where the kernel refuses, and then nothing looks."""
        try:
            if not (self._processes and self._settings.bpf_pins):
                # What a ring holds from before is told by this start too, from now on without it.
                self._rings.begin("")
            if self._processes:
                self._processes.start()
                self.modes["procmon"] = PROCESS_MODE
            for root, monitor in self._files.items():
                self.modes[to_text(root)] = monitor.start()
        except BaseException:
            # Nobody takes from the intake yet: who waits for room there must not be waited for.
            self._intake.close()
            self.stop()
            raise

    def stop(self) -> None:
        """Stop looking; what happened before is in the intake then. Raises what had ended a monitor early."""
        with ExitStack() as stopping:
            for monitor in (*self._files.values(), self._processes):
                if monitor is not None:
                    stopping.callback(monitor.stop)

    @property
    def resumed(self) -> bool:
        """Whether what processes did since the start before this one is told, as the kernel recorded it."""
        return self._processes is not None and self._processes.resumed

    @property
    def untold(self) -> str | None:
        """Say why what processes did before is not told, though programs are to outlive the agent."""
        return self._processes.untold if self._processes else None

    def ring_held_bytes(self) -> int:
        """Tell what the kernel may not write over: not read, or not kept yet where its ring outlives us."""
        if self._processes is None:
            return 0
        at = self._processes.positions
        return at.produced - at.released

    @property
    def unwatched(self) -> str | None:
        """Name what nobody watched since the start before this one; None where all was."""
        if not self.resumed:
            return "agent"
        return "filemon" if self._files else None

    def lost_records(self) -> int | None:
        """Count the records about processes that were lost; None where nobody watches them."""
        if self._processes is None:
            return None
        counts = self._processes.counters()
        return counts.dropped + counts.missed + counts.refused

    def release(self) -> None:
        """Let the kernel write again where the facts lay that are kept by now."""
        if self._processes:
            self._processes.release(self._rings.position)

    def tell_again(self, unkept: Mapping[bytes, Sequence[Unkept]]) -> None:
        """Have looked at again, by root, what was told and could not be kept."""
        for root, paths in unkept.items():
            self._files[root].tell_again(paths)

    def told_until_ns(self) -> int:
        """Give the moment up to which processes were told of; now, where nobody watches them."""
        return self._processes.delivered_until_ns if self._processes else time_ns()

    def captured_until_ns(self) -> int:
        """Give the moment up to which all that was seen, of processes and of files, is in the intake."""
        return min((self.told_until_ns(), *(monitor.told_until_ns for monitor in self._files.values())))

    def seen_until_ns(self, now_ns: int) -> int:
        """Give the moment up to which all was seen that was to be: now, unless a monitor has ended before."""
        monitors = self._files.values()
        ended = (monitor.told_until_ns for monitor in monitors if monitor.failure or monitor.left_off)
        return min((now_ns, *ended))

    def trouble(self) -> str | None:
        """Say what has stopped by itself; None while all that was started looks."""
        if self._processes and "procmon" in self.modes and not self._processes.running:
            return "the process monitor has stopped"
        failures = ((root, monitor.failure) for root, monitor in self._files.items())
        return next((f"{os.fsdecode(root)}: {why_ended(why)}" for root, why in failures if why), None)

    def wait_scanned(self, timeout_seconds: float) -> int | None:
        """Give the number of files that the first scans found changed; None while they are not done."""
        try:
            return sum(monitor.wait_scanned(timeout_seconds) for monitor in self._files.values())
        except TimeoutError:
            return None

    def counters(self) -> Iterator[tuple[str, str, int]]:
        """Give what the monitors counted: source, stage, count."""
        counted = [("procmon", self._processes.counters())] if self._processes else []
        for source, counters in [*counted, *(("filemon", m.counters()) for m in self._files.values())]:
            for stage, count in msgspec.to_builtins(counters).items():
                yield source, stage, count

    @property
    def passed_over(self) -> dict[str, tuple[str, ...]]:
        """Why each better mode than the one in use cannot watch, by root; none where the best one does."""
        return {
            to_text(root): tuple(to_text(os.fsencode(why)) for why in monitor.passed_over)
            for root, monitor in self._files.items()
            if monitor.passed_over
        }

    def watched_roots(self) -> Iterator[WatchedRoot]:
        """Tell how it stands with each root that is watched by now."""
        for root, monitor in self._files.items():
            name = to_text(root)
            if mode := self.modes.get(name):
                yield WatchedRoot(name, mode, monitor.counters(), monitor.told_until_ns)

    def _process_monitor(self) -> ProcessMonitor:
        pins = self._settings.bpf_pins
        try:
            return ProcessMonitor(
                self._intake.put_processes,
                hostname_prefixes=self._settings.hostname_prefix,
                container_execs_per_second=self._settings.container_execs_per_second,
                pinning=Pinning(pins, self._rings) if pins else None,
            )
        except BadOption as error:
            raise BadSetting(f"--hostname-prefix: {error}") from None

    def _file_monitor(self, root: bytes) -> FileMonitor:
        def deliver(facts: Sequence[FileFact]) -> None:
            self._intake.put_files(root, facts)

        return FileMonitor(
            Path(os.fsdecode(root)),
            deliver,
            wants=self._sources.wants,
            prunes=self._sources.prunes,
            # A list: its connection is the keeper's from now on.
            known=list(self._known.below(root)),
            mode=self._settings.file_mode,
            rescan_seconds=self._settings.rescan_seconds,
            compare_seconds=self._settings.compare_seconds,
            content_bytes_max_of=self._sources.content_bytes_max_of,
        )
