"""What waits to be kept: facts as the monitors gave them, and what the agent says of itself."""

from typing import NamedTuple

from jcode_watcher.agent.reporting.draft import POSITION, Reading
from jcode_watcher.agent.writers.deeds import HEARD_NS_MAX
from jcode_watcher.events import Body
from jcode_watcher.filemon.facts import Fact as FileFact
from jcode_watcher.filemon.facts import Missed, Saved
from jcode_watcher.procmon.facts import Fact as ProcessFact
from jcode_watcher.procmon.facts import Lost


class ProcessNews(NamedTuple):
    """A fact about a process."""

    fact: ProcessFact

    @property
    def weight_bytes(self) -> int:
        """Nothing that counts: arguments are capped where they are read."""
        return 0

    @property
    def time_ns(self) -> int:
        """When it happened; of a loss, when it began."""
        return self.fact.since_ns if isinstance(self.fact, Lost) else self.fact.time_ns

    @property
    def since_ns(self) -> int:
        """As `time_ns`: it is the kernel's own."""
        return self.time_ns

    @property
    def reading(self) -> Reading | None:
        """What has been told of its ring with this fact and those before it."""
        fact = self.fact
        counter, total = (fact.counter, fact.total) if isinstance(fact, Lost) else (POSITION, fact.position)
        return Reading(fact.ring, counter, total) if fact.ring and counter and total else None


class FileNews(NamedTuple):
    """A fact about a file."""

    root: bytes
    fact: FileFact
    arrived_seconds: float
    """On the monotonic clock."""

    @property
    def weight_bytes(self) -> int:
        """Length of the content."""
        return len(self.fact.content or b"") if isinstance(self.fact, Saved) else 0

    @property
    def time_ns(self) -> int:
        """When it happened; of a loss, when it began."""
        return self.fact.since_ns if isinstance(self.fact, Missed) else self.fact.time_ns

    @property
    def since_ns(self) -> int:
        """The earliest that it may have happened: its time is that at which it was heard of."""
        return self.time_ns - HEARD_NS_MAX


class Statement(NamedTuple):
    """What the agent says of itself."""

    body: Body
    time_ns: int

    @property
    def weight_bytes(self) -> int:
        """Nothing that counts."""
        return 0

    @property
    def since_ns(self) -> int:
        """As `time_ns`."""
        return self.time_ns


News = ProcessNews | FileNews | Statement
