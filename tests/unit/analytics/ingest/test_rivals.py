from jcode_watcher.analytics.ingest import rivals as module
from jcode_watcher.analytics.ingest.rivals import Nodes, Rivals


def test_agents_that_follow_each_other_are_one_agent_started_again() -> None:
    nodes = Nodes()
    assert nodes.seen([("n", "a"), ("n", "a"), ("n", "b")]) == []
    assert nodes.seen([("n", "b"), ("n", "c")]) == []


def test_a_start_that_delivers_again_after_a_later_one_is_a_second_agent() -> None:
    nodes = Nodes()
    nodes.seen([("n", "a"), ("n", "b")])
    assert nodes.seen([("n", "b")]) == []
    assert nodes.seen([("n", "a")]) == [Rivals("n", "a", "b")]
    assert nodes.seen([("n", "b")]) == [Rivals("n", "b", "a")]


def test_other_nodes_are_not_concerned() -> None:
    nodes = Nodes()
    nodes.seen([("n", "a"), ("m", "b")])
    assert nodes.seen([("n", "a"), ("m", "b")]) == []


def test_memory_is_bounded() -> None:
    nodes = Nodes()
    for number in range(module.NODES_MAX + 50):
        nodes.seen([(f"n{number}", "a")])
    for number in range(100):
        nodes.seen([("n", f"a{number}")])
    assert len(nodes._starts) == module.NODES_MAX
    assert len(nodes._starts["n"]) == module.STARTS_MAX
