"""The names of pods."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, ok, warn
from jcode_watcher.doctor.machine import Machine


def check_kubernetes(machine: Machine) -> Iterator[Finding]:
    """Judge whether names and labels can be had; without them events still say which pod by its UID."""
    if machine.kubernetes is None:
        yield ok(
            "Kubernetes API", "no service account here, so it is not asked: not a pod, or one without a token"
        )
    elif machine.kubernetes:
        yield warn(
            "Kubernetes API",
            f"{machine.kubernetes}: pods' names and labels stay unknown; bind the agent's ClusterRole and "
            "let the NetworkPolicy pass",
        )
    else:
        yield ok("Kubernetes API", "lists this node's pods")
