"""What bodies may take, by what they are."""

from jcode_watcher.analytics.ingest.reception import Limits
from jcode_watcher.events import BATCH_BYTES_MAX

MEBIBYTE = 1024 * 1024

BATCHES = Limits(
    # Compressed text is never longer than the plain text may be.
    bytes_max=BATCH_BYTES_MAX,
    # An agent gives up after a minute.
    seconds_max=60,
    grace_seconds=10,
    bytes_per_second_min=512,
    # An agent sends one at a time; those that a broken network left behind time out.
    each_max=8,
    all_max=512,
    all_bytes_max=256 * MEBIBYTE,
)
"""Of one agent's token; eight whole ones of it are a quarter of all that may arrive at once."""

SIGN_INS = Limits(
    bytes_max=4_096,
    seconds_max=5,
    grace_seconds=5,
    bytes_per_second_min=512,
    each_max=16,
    all_max=256,
    all_bytes_max=MEBIBYTE,
)
"""Of one address, which behind a proxy is that of all browsers."""
