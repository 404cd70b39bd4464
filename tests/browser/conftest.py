"""The real service, an agent's posts, and a browser in which nothing may go wrong unnoticed."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import msgspec
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright
from playwright.sync_api import Request as FailedRequest

from jcode_watcher.events import Body, Envelope, Subject, kind_of
from jcode_watcher.events.activity import Activity, Build, Run
from jcode_watcher.events.file import FileSaved, Writer
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.events.process import ProcessExited, ProcessStarted

CHROMIUM: Final = Path("/usr/bin/chromium")
END_SECONDS_MAX: Final = 15
HARMLESS: Final = {"log", "info", "debug", "verbose", "trace", "timeEnd", "count"}
STUDENT: Final = "20210001"
A_WHILE: Final = timedelta(seconds=60)
"""How long ago a story begins: recent enough for the student to count as active."""


@dataclass
class Service:
    """`jcode-watcher serve` as a process of its own."""

    data: Path
    more_flags: tuple[str, ...] = ()
    listen: str = "127.0.0.1:0"
    url: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it; a second time on the address that it had."""
        flags = ["--data", str(self.data), "--listen", self.listen, *self.more_flags]
        command = [sys.executable, "-m", "jcode_watcher", "serve", *flags]
        with (self.data / "stderr").open("a") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        assert first, (self.data / "stderr").read_text()
        self.url = json.loads(first)["url"]
        self.listen = self.url.removeprefix("http://").rstrip("/")

    def stop(self) -> None:
        """End it in order."""
        assert self.process is not None
        self.process.terminate()
        self.process.communicate(timeout=END_SECONDS_MAX)

    def token(self, role: str) -> str:
        """Give the token the service made for a role."""
        return (self.data / "tokens" / role).read_text().strip()


@dataclass
class Agent:
    """Posts what a node agent would post of one student."""

    service: Service
    course: str
    agent: str = field(default_factory=lambda: uuid.uuid4().hex)
    seq: int = 0
    clock: datetime = field(default_factory=lambda: datetime.now(UTC) - A_WHILE)
    latest: dict[str, str] = field(default_factory=dict)

    def saves(self, path: str, content: str) -> None:
        """The editor completed a save."""
        digest = sha256(content.encode()).hexdigest()
        body = FileSaved(
            path=path,
            size=len(content.encode()),
            sha256=digest,
            content=content,
            how="closed",
            writer=Writer(pid=7, comm="node", exe="/usr/lib/code-server/lib/node", role="editor"),
            previous_sha256=self.latest.get(path),
        )
        self.latest[path] = digest
        self.post((self.next_moment(), body))

    def builds(self, *argv: str, exit_code: int = 0) -> None:
        """A compiler ran for a third of a second."""
        activity = Build(family="gcc", language="c", sources=("main.c",), output="main", links=True)
        self.runs(activity, argv, "/usr/bin/gcc-12", duration_us=340_000, exit_code=exit_code)

    def crashes(self, *argv: str) -> None:
        """The student's program ended by SIGSEGV."""
        activity = Run(target="main")
        self.runs(
            activity, argv, "/workspace/hw1/main", duration_us=2_000, signal="SIGSEGV", core_dumped=True
        )

    def runs(self, activity: Activity, argv: tuple[str, ...], exe: str, **end: Any) -> None:
        """A process started and, `duration_us` later, ended."""
        began = self.next_moment()
        ended = began + timedelta(microseconds=end["duration_us"])
        process: dict[str, Any] = {"pid": 100 + self.seq, "started": text_of(began), "argv": argv, "exe": exe}
        process["activity"] = activity
        self.post((began, ProcessStarted(**process)), (ended, ProcessExited(**process, **end)))

    def misses(self, reason: str) -> None:
        """Something on the node was not seen for a second, nobody knows whose."""
        since, until = self.next_moment(), self.next_moment()
        gap = MonitorGap(stage="kernel", reason=reason, since=text_of(since), until=text_of(until))
        self.post((until, gap))

    def next_moment(self) -> datetime:
        """Give the time of the next deed, one second after the one before."""
        self.clock += timedelta(seconds=1)
        return self.clock

    def post(self, *events: tuple[datetime, Body]) -> None:
        """Post events as one batch; the service has stored them when this returns."""
        batch = {"batch_id": uuid.uuid4().hex, "events": [self.envelope(*event) for event in events]}
        request = Request(
            f"{self.service.url}v1/batches",
            msgspec.json.encode(batch),
            {"Authorization": f"Bearer {self.service.token('agent')}", "Content-Type": "application/json"},
        )
        with urlopen(request) as response:
            receipt = json.load(response)
        assert receipt["stored"] == len(events), receipt

    def envelope(self, at: datetime, body: Body) -> Envelope:
        """Wrap a body as the node's agent does."""
        self.seq += 1
        return Envelope(
            id=uuid.uuid4().hex,
            kind=kind_of(body),
            time=text_of(at),
            node="node-1",
            agent=self.agent,
            seq=self.seq,
            subject=None if isinstance(body, MonitorGap) else self.student(),
            body=body,
        )

    def student(self) -> Subject:
        return Subject(course=self.course, section="1", student=STUDENT, assignment="hw1")


def text_of(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing; install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def running(data: Path, *flags: str) -> Iterator[Service]:
    service = Service(data, flags)
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all tests; each has a course of its own."""
    yield from running(tmp_path_factory.mktemp("service"))


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """One that a test may stop."""
    yield from running(tmp_path)


@pytest.fixture
def forgetful_service(tmp_path: Path) -> Iterator[Service]:
    """One that keeps a single event for a viewer who is slower than the class."""
    yield from running(tmp_path, "--live-queue-events", "1")


@pytest.fixture
def agent(service: Service) -> Agent:
    return Agent(service, course=f"course{uuid.uuid4().hex[:8]}")


@dataclass
class Watched:
    """A page and all that went wrong in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    pardoned: tuple[str, ...] = ()
    """What a test provokes: texts that a complaint may contain."""

    def listen(self) -> None:
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("requestfailed", self.regret)
        self.page.on("response", self.look)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type not in HARMLESS:
            self.wrong.append(f"{message.type}: {message.text}")

    def regret(self, request: FailedRequest) -> None:
        # A page that is left lets go of what it was reading.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {request.url} ({request.failure})")

    def look(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"status {response.status}: {response.url}")

    def unpardoned(self) -> list[str]:
        return [line for line in self.wrong if not any(text in line for text in self.pardoned)]


Open = Callable[..., Watched]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Open the dashboard in a fresh browser profile; at the end nothing may have gone wrong in it.

    A test that has a service of its own names it before this, so that the pages close first.
    """
    opened: list[Watched] = []

    def opening(service: Service, *, language: str = "en-US", width: int = 1280) -> Watched:
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        watched = Watched(context.new_page())
        watched.listen()
        opened.append(watched)
        watched.page.goto(service.url)
        return watched

    yield opening
    for watched in opened:
        watched.page.context.close()
    assert [watched.unpardoned() for watched in opened] == [[] for _ in opened]


@pytest.fixture
def signed_in(open_page: Open) -> Open:
    """Open the dashboard and sign in."""

    def opening(service: Service, **options: Any) -> Watched:
        watched = open_page(service, **options)
        watched.page.locator("#token").fill(service.token("reader"))
        watched.page.locator("form button").click()
        watched.page.locator("main h1").wait_for()
        watched.page.locator("form").wait_for(state="detached")
        return watched

    return opening
