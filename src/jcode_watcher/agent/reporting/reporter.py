"""Turns news into events: the one place through which everything passes before the spool."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from jcode_watcher.agent.intake.news import FileNews, News, ProcessNews
from jcode_watcher.agent.masking.bodies import masked_body
from jcode_watcher.agent.placing.pods import with_pod
from jcode_watcher.agent.pods.pod import FindPod
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.file_news import FileReporter
from jcode_watcher.agent.reporting.process_news import ProcessReporter
from jcode_watcher.agent.writers.writers import Writers
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.filemon.facts import Unkept


class Reporter:
    """Reports on whatever comes. Used by the keeper's thread only."""

    def __init__(
        self, processes: ProcessReporter, files: FileReporter, writers: Writers, find_pod: FindPod
    ) -> None:
        """Take where pods are found; nothing waits for it."""
        self._processes = processes
        self._files = files
        self._writers = writers
        self._find_pod = find_pod
        self.facts: Counter[str] = Counter()
        """Facts by source."""
        self.roles: Counter[str] = Counter()
        """Writers by role."""
        self.whose: Counter[tuple[str, str]] = Counter()
        """Writers by whose they were, and how that is known."""
        self.masked: Counter[str] = Counter()
        """Values masked as secrets, by rule."""
        self.omitted = files.omitted
        """Saves without content, by course and reason."""

    def begin(self) -> None:
        """Take note of where the monitors stand as they begin."""
        self._writers.forget_seen()

    def drafts(self, news: News) -> list[Draft]:
        """Give the events of one piece of news, not finished yet."""
        match news:
            case ProcessNews():
                self.facts["procmon"] += 1
                drafts = self._processes.drafts(news.fact)
                # With the last: until all are kept, the fact is not.
                readings = [*(None for _ in drafts[1:]), news.reading]
                return [
                    draft._replace(subject=with_pod(draft.subject, self._find_pod), reading=reading)
                    for draft, reading in zip(drafts, readings, strict=False)
                ]
            case FileNews():
                self.facts["filemon"] += 1
                return self._files.drafts(news.root, news.fact)
            case _:
                return [Draft(news.time_ns, None, news.body)]

    def knows_writers(self, drafts: Iterable[Draft]) -> bool:
        """Tell whether no record of a process that is still to come could say more of who did it."""
        # All are asked for: what is seen of a process now may be gone later.
        unknown = [draft for draft in drafts if draft.deed and not self._writers.is_known(draft.deed)]
        return not unknown

    def finished(self, drafts: Sequence[Draft], told_until_ns: int) -> list[Draft]:
        """Give events as they may leave the node: with the names of writers, without secrets.

        What happened to processes before `told_until_ns` has been reported on.
        """
        self._writers.told_until(told_until_ns)
        finished = [self._without_secrets(self._with_writer(draft)) for draft in drafts]
        self._writers.forget_seen()
        return finished

    def dropped(self, drafts: Sequence[Draft]) -> None:
        """Remember what found no room in the spool."""
        self._files.dropped(drafts)

    def unkept_files(self) -> dict[bytes, list[Unkept]]:
        """Give, once and by root, what was told of files and found no room in the spool."""
        return self._files.unkept()

    def kept_until(self, time_ns: int) -> None:
        """Forget what only what happened before a time could ask for."""
        self._processes.kept_until(time_ns)

    def _with_writer(self, draft: Draft) -> Draft:
        if draft.deed is None or not isinstance(draft.body, FileSaved | FileDeleted | FileMoved):
            return draft
        writer = self._writers.writer(draft.deed)
        self.roles[writer.role] += 1
        self.whose[writer.whose, writer.identity] += 1
        return draft._replace(body=replace(draft.body, writer=writer))

    def _without_secrets(self, draft: Draft) -> Draft:
        body, rules = masked_body(draft.body)
        self.masked.update(rules)
        return draft if body is draft.body else draft._replace(body=body)
