"""What one event costs on the wire, with every field present against with defaults left out."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import msgspec
import zstandard

from jcode_watcher.events import decode_event

SAMPLES = Path(__file__).parents[1] / "tests/contract/samples"
EVENTS = 1_000
REPEATS = 15


def measure() -> dict[str, float]:
    """Bytes of a batch of 1,000 events, plain and zstd-3, and the seconds each way, relative to the other."""
    whole = [json.dumps(event) for event in distinct_events()]
    sparse = [json.dumps(without_nothing(json.loads(text))) for text in whole]
    packed = zstandard.ZstdCompressor(3)
    decoding, parsing = medians(
        lambda: [decode_event(text.encode()) for text in whole], lambda: [json.loads(text) for text in whole]
    )
    return {
        "json_bytes_per_event": size(whole) / EVENTS,
        "zstd_bytes_per_event": len(packed.compress("".join(whole).encode())) / EVENTS,
        "json_sparse_over_whole": size(sparse) / size(whole),
        "zstd_sparse_over_whole": len(packed.compress("".join(sparse).encode()))
        / len(packed.compress("".join(whole).encode())),
        "checked_decode_over_json_loads": decoding / parsing,
        "msgspec_encode_per_json_dumps": ratio_of_encoders(),
    }


def distinct_events() -> list[dict[str, Any]]:
    """The process samples, over and over, with other ids, pids and times: two thirds of what a node sends."""
    samples = [json.loads(p.read_text()) for p in sorted(SAMPLES.glob("process.*.json"))]
    events = []
    for number, sample in zip(range(EVENTS), itertools.cycle(samples), strict=False):
        body = sample["body"] | {"pid": 1000 + number * 7}
        time = f"2026-03-02T01:{number // 60 % 60:02d}:{number % 60:02d}.{number * 997 % 1_000_000:06d}Z"
        events.append(sample | {"id": f"{'a' * 32}.{number}", "seq": number, "time": time, "body": body})
    return events


def without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_nothing(v) for k, v in value.items() if v not in (None, False, 0, "", [], {})}
    return value


def ratio_of_encoders() -> float:
    events = distinct_events()
    typed = [decode_event(json.dumps(event).encode()) for event in events]
    encoder = msgspec.json.Encoder()
    ours, theirs = medians(
        lambda: [encoder.encode(event) for event in typed], lambda: [json.dumps(event) for event in events]
    )
    return ours / theirs


def medians(*ways: Callable[[], object]) -> list[float]:
    """Median seconds of each way, taken in turns so that the machine's noise falls on all alike."""
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(REPEATS):
        for way, taken in zip(ways, seconds, strict=True):
            began = perf_counter()
            way()
            taken.append(perf_counter() - began)
    return [median(taken) for taken in seconds]


def size(texts: list[str]) -> int:
    return sum(map(len, texts))
