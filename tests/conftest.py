"""What holds for all tests: on a machine like CI's nothing that needs the real thing may be skipped."""

import os
from collections import Counter
from collections.abc import Generator

import pytest
from hypothesis import settings

# How long one example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

REAL = ("kernel", "container", "browser")
ORDER = ("unit", "contract", "journey", "kernel", "container", "browser")
"""Cheap ones first. The browser's last: its driver holds an event loop until the session ends."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ORDER.index(kind_of(item)))


def kind_of(item: pytest.Item) -> str:
    return item.path.relative_to(item.config.rootpath / "tests").parts[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    kind = next(
        (mark for mark in REAL if item.get_closest_marker(mark)),
        item.path.relative_to(item.config.rootpath).parts[1],
    )
    report.user_properties.append(("kind", kind))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            kind = dict(getattr(report, "user_properties", [])).get("kind", "?")
            counted[kind, outcome] += 1
    for kind in sorted({kind for kind, _ in counted}):
        terminalreporter.write_line(
            f"{kind}: "
            + ", ".join(
                f"{counted[kind, o]} {o}" for o in ("passed", "failed", "skipped") if counted[kind, o]
            )
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", []) if must_run(report)]
    if skipped:
        print(f"\nskipped, but CI's machine can run them: {', '.join(skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def must_run(report: pytest.TestReport) -> bool:
    """Data that may be absent (an empty set of parameters) is no feature that the machine lacks."""
    return dict(report.user_properties).get("kind") in REAL and "empty parameter set" not in str(
        report.longrepr
    )
