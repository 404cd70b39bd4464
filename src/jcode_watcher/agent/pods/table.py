"""The pods that are known, by their UID. Written in the event loop, read by the keeper's thread."""

from collections.abc import Callable, Collection
from typing import Final

from jcode_watcher.agent.pods.pod import Pod

PODS_MAX: Final = 8_192
"""Far beyond what a node can run (110 by default); 3 MB. What is beyond has no name, and is counted."""
GONE_SECONDS: Final = 600.0
"""How long a deleted pod is remembered, as its last events may be placed late."""


class PodTable:
    """Bounded: where it is full, the pods that were deleted first make room."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Take a monotonic clock."""
        self._seconds = seconds
        self._pods: dict[str, Pod] = {}
        self._gone: dict[str, float] = {}
        """When each deleted pod was, in that order."""
        self.missed = 0
        """Events of a pod that was not known, or not yet. Counted by the one thread that finds."""
        self.refused = 0
        """Pods for which there was no room."""

    def __len__(self) -> int:
        """Give how many are known, the deleted that are remembered among them."""
        return len(self._pods)

    def find(self, uid: str) -> Pod | None:
        """Give a pod, at once."""
        pod = self._pods.get(uid)
        if pod is None:
            self.missed += 1
        return pod

    def put(self, uid: str, pod: Pod) -> None:
        """Learn of a pod, or what became of it."""
        self._gone.pop(uid, None)
        self._make_room(uid)
        if uid in self._pods or len(self._pods) < PODS_MAX:
            self._pods[uid] = pod
        else:
            self.refused += 1

    def delete(self, uid: str) -> None:
        """Learn that a pod is gone; it is found for a while longer."""
        if uid in self._pods:
            self._gone.setdefault(uid, self._seconds())
        self.forget()

    def keep_only(self, uids: Collection[str]) -> None:
        """Learn of all pods that there are: every other one is gone."""
        for uid in [known for known in self._pods if known not in uids]:
            self.delete(uid)

    def forget(self) -> None:
        """Let go of the pods that were deleted long ago."""
        before = self._seconds() - GONE_SECONDS
        while self._gone and self._gone[oldest := next(iter(self._gone))] <= before:
            self._drop(oldest)

    def _make_room(self, uid: str) -> None:
        if uid not in self._pods and len(self._pods) >= PODS_MAX and self._gone:
            self._drop(next(iter(self._gone)))

    def _drop(self, uid: str) -> None:
        del self._gone[uid]
        self._pods.pop(uid, None)
