"""What the kernel writes and what the decoder reads are the same, by the object's own type information."""

import json
import shutil
import subprocess
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

from jcode_watcher.procmon import cgroups, options
from jcode_watcher.procmon.record import (
    BUCKET,
    CGROUP_KEY,
    COUNTERS,
    HEAD,
    MEMBER,
    PARTS,
    PIN,
    Flag,
    Kind,
    Layout,
    PinState,
)

OBJECT = Path(__file__).parents[2] / "bpf/build/process.bpf.o"
BPFTOOL = shutil.which("bpftool", path="/usr/sbin:/usr/bin")


@pytest.fixture(scope="module")
def types() -> dict[int, dict[str, Any]]:
    if BPFTOOL is None or not OBJECT.exists():
        pytest.skip(f"needs bpftool and {OBJECT.name}; `make build` makes both")
    dump = subprocess.run(
        [BPFTOOL, "-j", "btf", "dump", "file", str(OBJECT)], check=True, capture_output=True
    )
    return {found["id"]: found for found in json.loads(dump.stdout)["types"]}


def size_of(types: dict[int, dict[str, Any]], type_id: int) -> int:
    found = types[type_id]
    if found["kind"] == "ARRAY":
        return int(found["nr_elems"]) * size_of(types, found["type_id"])
    return int(found["size"]) if "size" in found else size_of(types, found["type_id"])


def fields_of(types: dict[int, dict[str, Any]], name: str) -> tuple[dict[str, tuple[int, int]], int]:
    (found,) = (t for t in types.values() if t["kind"] == "STRUCT" and t["name"] == name)
    fields = {m["name"]: (m["bits_offset"] // 8, size_of(types, m["type_id"])) for m in found["members"]}
    return fields, found["size"]


def size_of_struct(types: dict[int, dict[str, Any]], name: str) -> int:
    return fields_of(types, name)[1]


def test_the_head_is_read_as_it_is_written(types: dict[int, dict[str, Any]]) -> None:
    assert fields_of(types, "record_head") == (HEAD.fields(), HEAD.size)


@pytest.mark.parametrize(("name", "layout"), [("cgroup_key", CGROUP_KEY), ("pin", PIN), ("bucket", BUCKET)])
def test_each_table_is_read_as_it_is_written(
    types: dict[int, dict[str, Any]], name: str, layout: Layout[Any]
) -> None:
    assert fields_of(types, name) == (layout.fields(), layout.size)


def test_a_member_is_read_as_it_is_written(types: dict[int, dict[str, Any]]) -> None:
    fields, size = fields_of(types, "member")
    key_fields = set(CGROUP_KEY.names) | {"cgroup_id"}
    rest = {name: place for name, place in MEMBER.fields().items() if name not in key_fields}
    assert fields == {"key": (0, CGROUP_KEY.size)} | rest
    assert size == MEMBER.size


def test_counters_are_laid_out_as_the_name_of_the_layout_says(types: dict[int, dict[str, Any]]) -> None:
    fields, size = fields_of(types, "counters")
    begun = size_of_struct(types, "verdict")
    counts = {name: place for name, place in COUNTERS.fields().items() if place[0] >= begun}
    assert fields == {"verdict": (0, begun)} | counts
    assert size == COUNTERS.size


@pytest.mark.parametrize("name", PARTS)
def test_each_record_is_read_as_it_is_written(types: dict[int, dict[str, Any]], name: str) -> None:
    part = PARTS[name]
    expected = {"head": (0, HEAD.size)} | part.fields(HEAD.size)
    assert fields_of(types, name) == (expected, HEAD.size + part.size)


@pytest.mark.parametrize("name", ["record_head", *PARTS])
def test_no_record_has_a_byte_that_no_field_names(types: dict[int, dict[str, Any]], name: str) -> None:
    fields, size = fields_of(types, name)
    assert sum(field_size for _, field_size in fields.values()) == size
    assert size % 8 == 0


@pytest.mark.parametrize(("enum", "prefix"), [(Kind, "RECORD_"), (Flag, "FLAG_"), (PinState, "PIN_")])
def test_kinds_and_flags_have_the_same_numbers(enum: type[IntEnum], prefix: str) -> None:
    # Enumerators that only expressions use are not in BTF, so this reads the header itself.
    header = "".join((OBJECT.parents[1] / name).read_text() for name in ("record.h", "tables.h"))
    for member in enum:
        written = header.split(f"\t{prefix}{member.name} = ")[1].split(",")[0]
        bits = [int(number) for number in written.split("<<")]
        assert (bits[0] << bits[1] if len(bits) > 1 else bits[0]) == member.value


def test_limits_are_the_same_on_both_sides() -> None:
    headers = "".join((OBJECT.parents[1] / name).read_text() for name in ("tables.h", "path.h", "pins.h"))
    defined = dict(
        line.split()[1:3]
        for line in headers.splitlines()
        if line.startswith("#define ") and len(line.split()) > 2
    )
    assert int(defined["PREFIXES_MAX"]) == options.PREFIXES_MAX
    assert int(defined["HOSTNAME_BYTES_MAX"]) == options.PREFIX_BYTES_MAX
    assert int(defined["ARGV_BYTES_LIMIT"]) == options.ARGV_BYTES_LIMIT
    assert int(defined["NAMES_BYTES_MAX"]) == cgroups.NAMES_BYTES_MAX
    assert int(defined["LEVELS_MAX"]) == cgroups.LEVELS_MAX
    assert int(defined["LEVELS_SLOTS"]) == cgroups.LEVELS_SLOTS


def test_the_object_holds_no_path_of_the_machine_that_built_it() -> None:
    folder = OBJECT.parents[2]
    assert str(folder).encode() not in OBJECT.read_bytes()
