"""One golden sample a kind and version, kept for ever: what was sent once must be understood for ever."""

import json
from pathlib import Path

import msgspec
import pytest

from jcode_watcher.events import BODIES, decode_event

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


def test_every_kind_has_a_sample() -> None:
    assert {json.loads(sample.read_text())["kind"] for sample in SAMPLES} == set(BODIES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_is_understood_and_nothing_of_it_is_lost(sample: Path) -> None:
    sent = json.loads(sample.read_text())
    kept = json.loads(msgspec.json.encode(decode_event(sample.read_bytes())))
    assert contains(kept, sent)


def contains(kept: object, sent: object) -> bool:
    """Fields may be added with defaults; what was sent must stand as it was."""
    if isinstance(sent, dict):
        return isinstance(kept, dict) and all(k in kept and contains(kept[k], v) for k, v in sent.items())
    return kept == sent
