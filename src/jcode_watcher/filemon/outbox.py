"""Facts on their way to whoever wants them: in order, and several together."""

from collections.abc import Callable, Sequence

from jcode_watcher.filemon.facts import Fact, Saved

BATCH_FACTS_MAX = 512
BATCH_BYTES_MAX = 8 << 20
"""Of content; one fact more may come on top."""


class Outbox:
    """Gathers facts, and hands them over in the thread that puts them.

    A thread of its own would have to be woken for each batch, which costs as much as two saves. So who
    receives has to have room, or files are read late.
    """

    def __init__(self, deliver: Callable[[Sequence[Fact]], None]) -> None:
        self.delivered = 0
        self._deliver = deliver
        self._facts: list[Fact] = []
        self._bytes = 0

    def put(self, fact: Fact) -> None:
        """Take a fact. Raises what the receiver raises."""
        self._facts.append(fact)
        if isinstance(fact, Saved) and fact.content is not None:
            self._bytes += len(fact.content)
        if len(self._facts) >= BATCH_FACTS_MAX or self._bytes >= BATCH_BYTES_MAX:
            self.flush()

    def flush(self) -> None:
        """Hand over what was put. Raises what the receiver raises."""
        if self._facts:
            batch, self._facts, self._bytes = self._facts, [], 0
            self._deliver(batch)
            self.delivered += len(batch)
