"""Turns news into events: the one place through which everything passes before the spool."""

from collections import Counter
from collections.abc import Sequence

from jcode_watcher.agent.intake.news import FileNews, News, ProcessNews
from jcode_watcher.agent.masking.bodies import masked_body
from jcode_watcher.agent.placing.pods import with_pod
from jcode_watcher.agent.pods.pod import FindPod
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.file_news import FileReporter
from jcode_watcher.agent.reporting.process_news import ProcessReporter
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved


class Reporter:
    """Reports on whatever comes. Used by the keeper's thread only."""

    def __init__(self, processes: ProcessReporter, files: FileReporter, find_pod: FindPod) -> None:
        """Take where pods are found; nothing waits for it."""
        self._processes = processes
        self._files = files
        self._find_pod = find_pod
        self.facts: Counter[str] = Counter()
        """Facts by source."""
        self.roles: Counter[str] = Counter()
        """Writers by role."""
        self.masked: Counter[str] = Counter()
        """Values masked as secrets, by rule."""
        self.omitted = files.omitted
        """Saves without content, by course and reason."""

    def drafts(self, news: News) -> list[Draft]:
        """Give the events of one piece of news."""
        drafts = [self.fit_to_keep(draft) for draft in self._drafts(news)]
        for draft in drafts:
            if isinstance(draft.body, FileSaved | FileDeleted | FileMoved):
                self.roles[draft.body.writer.role] += 1
        return drafts

    def fit_to_keep(self, draft: Draft) -> Draft:
        """Give an event as it may leave the node: without secrets."""
        body, rules = masked_body(draft.body)
        self.masked.update(rules)
        return draft if body is draft.body else draft._replace(body=body)

    def dropped(self, drafts: Sequence[Draft]) -> None:
        """Remember what found no room in the spool."""
        self._files.dropped(drafts)

    def _drafts(self, news: News) -> list[Draft]:
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
