import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.filemon import fanotify
from jcode_watcher.filemon.fanotify import BadBuffer, Event

FSID = b"\x01\x02\x03\x04\x05\x06\x07\x08"


def handle(data: bytes) -> bytes:
    return struct.pack("=Ii", len(data), 1) + data


def record(kind: int, fsid: bytes, key: bytes, name: bytes | None) -> bytes:
    payload = fsid + key + (b"" if name is None else name + b"\0")
    payload += bytes(-len(payload) % 4)
    return struct.pack("=BBH", kind, 0, 4 + len(payload)) + payload


def event_bytes(event: Event, *, version: int = fanotify.VERSION) -> bytes:
    records = b""
    if event.new_folder:
        records += record(fanotify.INFO_OLD_DFID_NAME, event.fsid, event.folder, event.name)
        records += record(fanotify.INFO_NEW_DFID_NAME, event.fsid, event.new_folder, event.new_name)
    elif event.folder:
        records += record(fanotify.INFO_DFID_NAME, event.fsid, event.folder, event.name)
    if event.target:
        records += record(fanotify.INFO_FID, event.fsid, event.target, None)
    length = fanotify.METADATA.size + len(records)
    head = fanotify.METADATA.pack(length, version, 0, fanotify.METADATA.size, event.what, -1, event.pid)
    return head + records


names = st.binary(min_size=1, max_size=255).filter(lambda name: b"\0" not in name)
keys = st.binary(min_size=4, max_size=120).map(handle)
plain = st.builds(
    Event,
    what=st.integers(1, 2**32),
    pid=st.integers(0, 2**22),
    fsid=st.binary(min_size=8, max_size=8),
    folder=keys,
    name=names,
    target=keys | st.just(b""),
)
renames = st.builds(
    Event,
    what=st.just(fanotify.RENAME),
    pid=st.integers(0, 2**22),
    fsid=st.binary(min_size=8, max_size=8),
    folder=keys,
    name=names,
    target=keys,
    new_folder=keys,
    new_name=names,
)


@given(st.lists(plain | renames, max_size=8))
def test_what_the_kernel_writes_is_read_back_equal(events: list[Event]) -> None:
    assert list(fanotify.events(b"".join(map(event_bytes, events)))) == events


def test_an_overflow_names_nothing() -> None:
    overflow = Event(0x4000, 0, b"", b"", b"")
    assert list(fanotify.events(event_bytes(overflow))) == [overflow]


def test_a_record_of_an_unknown_kind_is_passed_over() -> None:
    known = event_bytes(Event(8, 1, handle(b"dir!"), b"a.c", handle(b"file"), fsid=FSID))
    unknown = record(99, FSID, handle(b"what"), None)
    length = len(known) + len(unknown)
    buffer = struct.pack("=I", length) + known[4:] + unknown
    assert list(fanotify.events(buffer)) == list(fanotify.events(known))


def test_the_first_event_is_given_before_the_rest_is_looked_at() -> None:
    good = event_bytes(Event(8, 1, handle(b"dir!"), b"a.c", b"", fsid=FSID))
    assert next(fanotify.events(good + b"rubbish")).name == b"a.c"


@pytest.mark.parametrize(
    "buffer",
    [
        b"short",
        event_bytes(Event(8, 1, b"", b"", b""), version=4),
        struct.pack("=IBBHQii", 4, 3, 0, 24, 8, -1, 1),
        struct.pack("=IBBHQii", 999, 3, 0, 24, 8, -1, 1),
        struct.pack("=IBBHQii", 28, 3, 0, 24, 8, -1, 1) + struct.pack("=BBH", 1, 0, 0),
        struct.pack("=IBBHQii", 28, 3, 0, 24, 8, -1, 1) + struct.pack("=BBH", 1, 0, 400),
    ],
)
def test_what_is_no_event_is_refused_and_never_read_for_ever(buffer: bytes) -> None:
    with pytest.raises(BadBuffer):
        list(fanotify.events(buffer))
