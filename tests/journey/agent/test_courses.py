"""Each course's own rules of what is kept, and what it means to change them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

TEXTS = """
[courses.os]
source_kind = ["c", "text"]
content_bytes_max = 100
"""
MAKEFILES = """
[courses.os]
source_kind = ["c", "makefile"]
assignment = ["hw<n>", "lab<n>"]
"""


class Class:
    """Workspaces, and an agent that watches them by the rules it is given."""

    def __init__(self, folder: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> None:
        self.root = folder / "ws"
        self._config = folder / "agent.toml"
        self._service = service
        self._start = start
        self._starts = 0
        self.root.mkdir()

    def watch(self, rules: str) -> "AgentProcess":
        """Start an agent, and wait until it has compared everything with what was told before."""
        self._config.write_text(rules)
        agent = self._start("--filemon", "--root", str(self.root), "--config", str(self._config))
        self._service.wait_for("monitor.started", self._starts)
        self._starts += 1
        return agent

    def write(self, path: str, content: str = "x") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def told(self, *, start: int = -1) -> dict[str, Any]:
        """Give the latest that one start told of each file, by its path below the root."""
        events = list(self._service.events.values())
        agent = list(dict.fromkeys(event.agent for event in events))[start]
        return {
            f"{event.subject.workspace}/{event.subject.assignment}/{event.body.path}": event.body
            for event in events
            if event.agent == agent and event.kind.startswith("file.") and event.subject
        }

    def wait_for(self, path: str) -> Any:
        """Give what the agent that runs tells of a file."""
        with self._service.changed:
            assert self._service.changed.wait_for(lambda: path in self.told(), 20), self.told().keys()
            return self.told()[path]


@pytest.fixture
def classroom(tmp_path: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> Class:
    return Class(tmp_path, service, start)


def test_each_course_keeps_what_its_rules_say(classroom: Class) -> None:
    agent = classroom.watch(TEXTS)
    for course in ("os", "db"):
        for name, length in (("in.txt", 1), ("a.py", 1), ("long.c", 101), ("last.c", 1)):
            classroom.write(f"{course}-1-7/hw1/{name}", "x" * length)
    classroom.wait_for("os-1-7/hw1/last.c")
    classroom.wait_for("db-1-7/hw1/last.c")

    told = classroom.told()
    assert told.keys() == {
        *("os-1-7/hw1/in.txt", "os-1-7/hw1/long.c", "os-1-7/hw1/last.c"),
        *("db-1-7/hw1/a.py", "db-1-7/hw1/long.c", "db-1-7/hw1/last.c"),
    }
    long = told["os-1-7/hw1/long.c"]
    assert (long.omitted, long.size, long.content) == ("too_large", 101, None)
    assert told["db-1-7/hw1/long.c"].content == "x" * 101
    counted = 'jcode_watcher_agent_contents_omitted_total{course="os",reason="too_large"} 1.0'
    assert counted in agent.get("/metrics")[1]


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_what_new_rules_want_is_found_and_what_they_leave_out_is_not_called_deleted(
    classroom: Class, how: str
) -> None:
    agent = classroom.watch(TEXTS)
    for name in ("hw1/in.txt", "hw1/gone.txt", "hw1/Makefile", "lab1/a.c", "hw1/last.c"):
        classroom.write(f"os-1-7/{name}", name)
    classroom.wait_for("os-1-7/hw1/last.c")
    before = classroom.told().keys()
    getattr(agent, how)()
    (classroom.root / "os-1-7/hw1/gone.txt").unlink()

    agent = classroom.watch(MAKEFILES)
    found = classroom.told()
    getattr(agent, how)()
    classroom.watch(TEXTS)
    again = classroom.told()

    assert before == {"os-1-7/hw1/in.txt", "os-1-7/hw1/gone.txt", "os-1-7/hw1/last.c"}
    assert {path: (body.how, body.content) for path, body in found.items()} == {
        "os-1-7/hw1/Makefile": ("rescan", "hw1/Makefile"),
        "os-1-7/lab1/a.c": ("rescan", "lab1/a.c"),
    }
    # Wanted again, only what differs from what was told of it is news.
    assert {path: body.how for path, body in again.items()} == {"os-1-7/hw1/gone.txt": "rescan"}
