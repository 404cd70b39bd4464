"""The figures side by side: who traces in columns."""

from collections.abc import Mapping
from typing import Final

COLUMNS: Final = ("nothing", "ours, rejected", "ours, accepted", "bpftrace", "forkstat")
ROWS: Final = (
    ("exec in the kernel, ns", ("", "rejected_exec_ns", "exec_ns", "bpftrace_exec_ns", "")),
    ("exit in the kernel, ns", ("", "rejected_exit_ns", "exit_ns", "bpftrace_exit_ns", "")),
    (
        "exec loop longer by",
        (
            "loop_noise",
            "loop_slowdown_rejected",
            "loop_slowdown_accepted",
            "bpftrace_loop_slowdown",
            "forkstat_loop_slowdown",
        ),
    ),
    (
        "lost at saturation",
        (
            "",
            "",
            "lost_at_saturation",
            "bpftrace_lost_execs_at_saturation",
            "forkstat_lost_execs_at_saturation",
        ),
    ),
    (
        "user CPU, ms per 10,000",
        (
            "",
            "",
            "user_cpu_ms_per_10k_events",
            "bpftrace_user_cpu_ms_per_10k_events",
            "forkstat_user_cpu_ms_per_10k_events",
        ),
    ),
    (
        "system CPU, ms per 10,000",
        (
            "",
            "",
            "system_cpu_ms_per_10k_events",
            "bpftrace_system_cpu_ms_per_10k_events",
            "forkstat_system_cpu_ms_per_10k_events",
        ),
    ),
)
WIDTH: Final = 16


def table(figures: Mapping[str, float]) -> str:
    """Give the lines; a dash where there is nothing to measure."""
    head = " " * 26 + "".join(f"{column:>{WIDTH}}" for column in COLUMNS)
    lines = [
        f"{row:<26}" + "".join(f"{cell(figures.get(key), key):>{WIDTH}}" for key in keys)
        for row, keys in ROWS
    ]
    return "\n".join([head, *lines])


def cell(value: float | None, key: str) -> str:
    """Show shares as per cent, all else as whole numbers."""
    if value is None:
        return "-"
    return f"{value:+.1%}" if "slowdown" in key else f"{value:.1%}" if "noise" in key else f"{value:,.0f}"
