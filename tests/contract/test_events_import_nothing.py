"""The contract stands alone."""

import sys

import grimp
import pytest

ALLOWED = {"msgspec"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("jcode_watcher", include_external_packages=True)


def test_events_import_nothing_of_ours_and_only_msgspec(graph: grimp.ImportGraph) -> None:
    room = {"jcode_watcher.events", *graph.find_descendants("jcode_watcher.events")}
    imported = set().union(*(graph.find_modules_directly_imported_by(module) for module in room)) - room
    assert {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names} <= ALLOWED
