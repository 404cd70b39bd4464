from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.analytics.store.files import FileBody, FileEvent, FileRow, folded


def saved(path: str, sha256: str, size: int = 1) -> FileEvent:
    return FileEvent("i", "file.saved", "t", FileBody(path, sha256=sha256, size=size))


def deleted(path: str) -> FileEvent:
    return FileEvent("i", "file.deleted", "t", FileBody(path))


def moved(path: str, destination: str, sha256: str | None = None) -> FileEvent:
    return FileEvent("i", "file.moved", "t", FileBody(path, destination, sha256=sha256))


def test_the_last_save_counts() -> None:
    assert folded([saved("a", "x", 1), saved("a", "y", 2)]) == [FileRow("a", 2, "y", versions=2)]


def test_a_deleted_file_stays_listed_and_a_re_created_one_is_not_deleted() -> None:
    assert folded([saved("a", "x"), deleted("a")]) == [FileRow("a", 1, "x", 1, deleted=True)]
    assert folded([saved("a", "x"), deleted("a"), saved("a", "y")]) == [FileRow("a", 1, "y", 2)]


def test_a_moved_file_is_gone_from_its_path_and_whole_at_the_other() -> None:
    events = [saved("a", "x", 5), moved("a", "b", "x")]
    assert folded(events) == [FileRow("a", 5, "x", 1, deleted=True), FileRow("b", 5, "x", 0)]


def test_a_move_onto_a_file_replaces_it() -> None:
    events = [saved("b", "y", 9), saved("a", "x", 5), moved("a", "b")]
    assert folded(events)[1] == FileRow("b", 5, "x", 1)


def test_a_move_there_and_back_ends_where_it_began() -> None:
    files = folded([saved("a", "x", 5), moved("a", "b"), moved("b", "a")])
    assert files == [FileRow("a", 5, "x", 1), FileRow("b", 5, "x", 0, deleted=True)]


def test_a_file_first_seen_when_it_moved_has_the_moved_content() -> None:
    assert folded([moved("a", "b", "x")])[1] == FileRow("b", 0, "x")


PATHS = st.sampled_from("abc")
EVENTS = st.one_of(
    st.builds(saved, PATHS, st.sampled_from("xyz")),
    st.builds(deleted, PATHS),
    st.builds(moved, PATHS, PATHS),
)


@given(st.lists(EVENTS))
def test_every_path_ever_seen_is_listed_once_with_all_its_saves(events: list[FileEvent]) -> None:
    files = folded(events)
    paths = [file.path for file in files]
    assert paths == sorted({p for e in events for p in (e.body.path, e.body.destination) if p})
    for file in files:
        assert file.versions == sum(e.kind == "file.saved" and e.body.path == file.path for e in events)
