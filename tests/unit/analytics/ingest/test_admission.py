import pytest

from jcode_watcher.analytics.errors import TooMany
from jcode_watcher.analytics.ingest.admission import Admission


def test_batches_beyond_the_limit_are_told_to_wait() -> None:
    admission = Admission(batches_max=2, bytes_max=100)
    with admission.batch(), admission.batch():
        with pytest.raises(TooMany, match="2 batches wait") as refused, admission.batch():
            pass
        assert refused.value.retry_after_seconds == 1
    assert admission.batches == 0


def test_bytes_beyond_the_limit_are_told_to_wait_but_one_batch_always_fits() -> None:
    admission = Admission(batches_max=2, bytes_max=100)
    with admission.text(500):
        with pytest.raises(TooMany, match="500 bytes wait"), admission.text(1):
            pass
        assert admission.bytes == 500
    assert admission.bytes == 0
