"""The JSON Schema says what the decoder does."""

import json
from pathlib import Path

import jsonschema
import pytest

from jcode_watcher.events import BODIES
from jcode_watcher.events.schema import schema

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_is_valid(sample: Path) -> None:
    jsonschema.validate(json.loads(sample.read_text()), schema())


def test_every_kind_is_in_the_schema() -> None:
    kinds = {
        d["properties"]["kind"]["const"]
        for n, d in schema()["$defs"].items()
        if n.endswith("Event") and "properties" in d and "const" in d["properties"].get("kind", {})
    }
    assert kinds == set(BODIES)


def test_a_wrong_exit_code_is_invalid() -> None:
    sample = json.loads((Path(__file__).parent / "samples/process.exited.v1.json").read_text())
    sample["body"]["exit_code"] = 256
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(sample, schema())
