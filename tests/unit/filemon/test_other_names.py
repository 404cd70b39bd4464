from jcode_watcher.filemon.changes import CLOSED, CREATED, MODIFIED, Change
from jcode_watcher.filemon.other_names import FOLDERS_MAX, OtherNames


def heard(names: OtherNames, what: int, key: bytes, folder: bytes = b"d") -> None:
    names.heard(Change(what, 0, folder, b"x.txt", key))


def test_a_file_is_complete_from_its_close_to_the_next_write() -> None:
    names = OtherNames()
    heard(names, CREATED | MODIFIED, b"1")
    assert not names.is_complete(b"1")
    heard(names, MODIFIED | CLOSED, b"1")
    assert names.is_complete(b"1")
    heard(names, MODIFIED, b"1")
    assert not names.is_complete(b"1")


def test_the_folders_of_a_file_are_remembered_up_to_a_limit() -> None:
    names = OtherNames()
    for n in range(FOLDERS_MAX + 5):
        heard(names, CREATED, b"1", b"%d" % n)
        heard(names, CREATED, b"1", b"0")
    assert names.folders_of(b"1") == tuple(b"%d" % n for n in range(FOLDERS_MAX))
    assert names.folders_of(b"2") == ()


def test_the_file_that_was_seen_first_is_forgotten_where_there_are_too_many() -> None:
    names = OtherNames(limit=2)
    for key in (b"1", b"2", b"1", b"3"):
        heard(names, CREATED | CLOSED, key)
    assert len(names) == 2
    assert not names.is_complete(b"1")
    assert names.folders_of(b"1") == ()
    assert names.is_complete(b"2")
    assert names.is_complete(b"3")
