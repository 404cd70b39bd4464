"""Print the JSON Schema of the contract: `python -m jcode_watcher.events.schema`."""

import json
import sys
from typing import Any

import msgspec

from jcode_watcher.events.batch import Receipt
from jcode_watcher.events.envelope import Envelope
from jcode_watcher.events.kinds import BODIES


def schema() -> dict[str, Any]:
    """Give one JSON Schema (2020-12): a union of one envelope a kind, and the receipt beside it."""
    bodies = list(BODIES.values())
    _, definitions = msgspec.json.schema_components(
        [Envelope, Receipt, *bodies], ref_template="#/$defs/{name}"
    )
    envelope = definitions.pop("Envelope")
    events = []
    for kind, body in BODIES.items():
        name = f"{body.__name__}Event"
        properties = {
            **envelope["properties"],
            "kind": {"const": kind},
            "body": {"$ref": f"#/$defs/{body.__name__}"},
        }
        definitions[name] = {**envelope, "title": name, "properties": properties}
        events.append({"$ref": f"#/$defs/{name}"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Event",
        "anyOf": events,
        "$defs": dict(sorted(definitions.items())),
    }


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=2)
    print()
