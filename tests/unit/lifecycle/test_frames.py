import pytest
from websockets.frames import Frame, Opcode

from jcode_watcher.lifecycle.frames import framed


@pytest.mark.parametrize("payload_bytes", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_a_frame_is_what_the_websockets_library_makes(payload_bytes: int) -> None:
    payload = b"x" * payload_bytes
    assert framed([payload]) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_frames_follow_one_another() -> None:
    assert framed([b"ab", b"c"]) == b"\x81\x02ab\x81\x01c"
    assert framed([]) == b""
