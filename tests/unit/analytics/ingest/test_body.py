import gzip
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.analytics.errors import BadRequest, TooLarge
from jcode_watcher.analytics.ingest.body import decompressed

BYTES_MAX = 1_000
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstandard.compress,
    "gzip": gzip.compress,
    "identity": bytes,
    "": bytes,
    " ZSTD ": zstandard.compress,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@given(text=st.binary(max_size=BYTES_MAX))
def test_every_encoding_gives_the_text_back(encoding: str, text: bytes) -> None:
    assert decompressed(ENCODERS[encoding](text), encoding, BYTES_MAX) == text


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("size", [BYTES_MAX + 1, BYTES_MAX * 10_000])
def test_a_text_over_the_limit_is_refused(encoding: str, size: int) -> None:
    with pytest.raises(TooLarge, match="1000 bytes"):
        decompressed(ENCODERS[encoding](b" " * size), encoding, BYTES_MAX)


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
@given(cut=st.integers(0, 30))
def test_a_text_whose_end_is_missing_is_refused(encoding: str, cut: int) -> None:
    whole = ENCODERS[encoding](b"some text that is not very short, so that there is something to cut")
    with pytest.raises(BadRequest):
        decompressed(whole[: -1 - cut], encoding, BYTES_MAX)


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(BadRequest, match="'br'; send zstd, gzip or none"):
        decompressed(b"", "br")
