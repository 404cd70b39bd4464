import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from jcode_watcher.agent.intake.news import FileNews, ProcessNews
from jcode_watcher.agent.placing.rules import Courses
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.spool import Due, KnownFiles, Level, Outbox, Reserve, Spool, begin, connect
from jcode_watcher.agent.wiring import Grounds, Sight, reporter_of
from jcode_watcher.agent.writers.programs import Program
from jcode_watcher.agent.writers.records import Records
from jcode_watcher.agent.writers.writers import Look
from jcode_watcher.filemon.facts import Fact as FileFact
from jcode_watcher.filemon.facts import FileState, Saved
from jcode_watcher.procmon.facts import Executed, Exited
from jcode_watcher.procmon.facts import Fact as ProcessFact

ROOT = b"/srv/ws"
MIB = 1024 * 1024
NS_A_MINUTE = 60_000_000_000
AT = 1_750_000_000_000_000_000
"""A moment; facts happen some nanoseconds after it."""


def courses(**settings: object) -> Courses:
    """Give the rules that the agent's settings make."""
    required = {"server": "http://service", "token_file": Path("token"), "state": Path("state")}
    return Courses(msgspec.convert(required | settings, AgentSettings))


class Store:
    """A real spool in a folder, as one start of the agent opens it."""

    def __init__(
        self,
        folder: Path,
        stack: ExitStack,
        *,
        agent: str = "a1",
        bytes_max: int = 64 * MIB,
        due: Due | None = None,
    ) -> None:
        self.database = connect(folder, bytes_max)
        stack.callback(self.database.close)
        outgoing = connect(folder, bytes_max)
        stack.callback(outgoing.close)
        self.level = Level(self.database)
        self.reserve = Reserve(folder)
        self.before = self.reserve.spend(lambda: begin(self.database, agent, AT))
        self.spool = Spool(self.database, agent, "n1", self.level, due=due)
        self.outbox = Outbox(outgoing, self.level, self.reserve, lambda: AT, due)


class Stores:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def open(self, agent: str = "a1", bytes_max: int = 64 * MIB, due: Due | None = None) -> Store:
        return Store(self._folder, self._stack, agent=agent, bytes_max=bytes_max, due=due)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with ExitStack() as stack:
        yield Stores(tmp_path, stack)


class Facts:
    """Makes facts as the monitors do, with what a test does not care about filled in."""

    def __init__(self) -> None:
        self._boot_ns = itertools.count(1_000_000_000, 1_000_000)

    def executed(
        self,
        line: str,
        *,
        exe: bytes,
        pid: int = 100,
        ppid: int = 1,
        cwd: bytes = b"/home/coder/project/hw1",
        hostname: bytes = b"jcode-os-1-2020",
        after_ns: int = 0,
        found_running: bool = False,
    ) -> Executed:
        return Executed(
            time_ns=AT + after_ns,
            boot_ns=next(self._boot_ns),
            pid=pid,
            started_ns=AT,
            start_boot_ns=pid * 1_000,
            ppid=ppid,
            namespace_pid=pid,
            uid=1000,
            gid=1000,
            comm=exe.rpartition(b"/")[2][:15],
            exe=exe,
            filename=exe,
            argv=tuple(line.encode().split()),
            argv_truncated=False,
            argv_bytes=len(line) + 1,
            cwd=cwd,
            hostname=hostname,
            cgroup_id=2**60,
            memory_cgroup_id=2**60,
            identity="hostname",
            found_running=found_running,
        )

    def exited(
        self,
        program: Executed | None = None,
        *,
        pid: int = 100,
        ppid: int = 1,
        exit_code: int | None = 0,
        signal: int | None = None,
        comm: bytes = b"bash",
        after_ns: int = 0,
    ) -> Exited:
        pid = program.pid if program else pid
        return Exited(
            time_ns=AT + after_ns,
            boot_ns=next(self._boot_ns),
            pid=pid,
            started_ns=AT,
            start_boot_ns=pid * 1_000,
            ppid=program.ppid if program else ppid,
            namespace_pid=pid,
            uid=1000,
            gid=1000,
            comm=program.comm if program else comm,
            hostname=b"jcode-os-1-2020",
            cgroup_id=2**60,
            memory_cgroup_id=2**60,
            identity="hostname",
            exec_boot_ns=program.boot_ns if program else 0,
            exit_code=exit_code,
            signal=signal,
            core_dumped=False,
            oom_killed=False,
            user_ns=3_000,
            system_ns=4_000,
            peak_rss_bytes=5 * MIB,
            program=program,
        )

    def saved(
        self,
        path: bytes = b"os-1-2020/hw1/a.c",
        content: bytes | None = b"int main;",
        *,
        pid: int = 100,
        sha256: str = "a" * 64,
        previous: str | None = None,
        omitted: str | None = None,
        after_ns: int = 0,
    ) -> Saved:
        return Saved(
            time_ns=AT + after_ns,
            pid=pid,
            path=path,
            how="closed",
            size=len(content or b""),
            sha256=sha256,
            content=content,
            omitted=omitted,
            previous_sha256=previous,
            state=FileState(b"h", len(content or b""), AT, AT + after_ns, sha256),
        )


class Reports:
    """A reporter with a real spool behind it, and the short way to what it says of one fact."""

    def __init__(self, store: Store, look: Look, **settings: object) -> None:
        grounds = Grounds((ROOT,), (b"jcode-",), courses(**settings))
        self.files = KnownFiles(store.database)
        records = Records(lambda: self.lost, lambda: self.now_ns)
        self.told_until_ns = 0
        self.now_ns = AT - NS_A_MINUTE
        self.lost: int | None = 0
        """Records of processes, as the kernel counts them."""
        self.reporter = reporter_of(grounds, self.files, Sight(look, records))

    def of_process(self, fact: ProcessFact) -> list[Draft]:
        return self.reporter.finished(self.reporter.drafts(ProcessNews(fact)), 0)

    def of_file(self, fact: FileFact) -> list[Draft]:
        return self.reporter.finished(self.reporter.drafts(FileNews(ROOT, fact, 0.0)), self.told_until_ns)


@pytest.fixture
def look() -> dict[int, Program]:
    """What /proc would tell, by pid."""
    return {}


@pytest.fixture
def reports(stores: Stores, look: dict[int, Program]) -> Reports:
    return Reports(stores.open(), look.get)


@pytest.fixture
def facts() -> Facts:
    return Facts()


@pytest.fixture
def reports_type() -> type[Reports]:
    return Reports
