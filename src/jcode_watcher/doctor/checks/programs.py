"""Whether the BPF programs load and attach."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, fail, ok
from jcode_watcher.doctor.machine import Machine


def check_programs(machine: Machine) -> Iterator[Finding]:
    """Judge what came of really loading them."""
    tracing = machine.tracing
    if tracing.refusal:
        yield fail("BPF programs", tracing.refusal)
    else:
        yield ok(
            "BPF programs",
            f"loaded and attached, and {tracing.running} running processes listed, "
            f"in {tracing.loaded_ms:.0f} ms",
        )
