"""The figures side by side: who watches in columns."""

from collections.abc import Mapping
from typing import Final

COLUMNS: Final = (
    ("ours", ""),
    ("watchdog", "watchdog_"),
    ("watchfiles", "watchfiles_"),
    ("inotifywait", "inotifywait_"),
)
ROWS: Final = (
    ("CPU per save at 2,000/s, µs", "cpu_us_per_save"),
    ("and each alone", "cpu_us_per_save_2000"),
    ("CPU per save at 20,000/s, µs", "cpu_us_per_save_20000"),
    ("close to event p50 at 2,000/s, ms", "latency_ms_p50_2000"),
    ("close to event p99 at 2,000/s, ms", "latency_ms_p99_2000"),
    ("lost of 40,000 at 20,000/s", "lost_20000_per_second"),
    ("lost of a burst of 60,000", "lost_burst_60000"),
    ("wrong of 60,000 after an overflow", "wrong_after_overflow"),
    ("first event, 1,000 folders, s", "first_event_s_1k"),
    ("first event, 50,000 folders, s", "first_event_s_50k"),
    ("first event, 200,000 folders, s", "first_event_s_200k"),
    ("kernel memory, 200,000 folders, MB", "kernel_mb_200k"),
    ("inodes pinned beside it", "pinned_inodes_200k"),
    ("10,000 workspaces, CPU until known, s", "start_cpu_s_10000_workspaces"),
    ("and resident memory, MB", "rss_mb_10000_workspaces"),
)
WIDTH: Final = 13
WIDTH_OF_NAMES: Final = 36


def table(figures: Mapping[str, float]) -> str:
    """Give the lines; a dash where there is nothing to measure."""
    head = " " * WIDTH_OF_NAMES + "".join(f"{column:>{WIDTH}}" for column, _ in COLUMNS)
    lines = [
        f"{row:<{WIDTH_OF_NAMES}}"
        + "".join(f"{cell(figures.get(prefix + key)):>{WIDTH}}" for _, prefix in COLUMNS)
        for row, key in ROWS
    ]
    return "\n".join([head, *lines])


def cell(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
