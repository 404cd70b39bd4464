import re
from pathlib import Path

import msgspec
import pytest

from jcode_watcher.lifecycle.metrics import Figures, LifecycleCollector
from jcode_watcher.lifecycle.objects import OutOfMemory
from jcode_watcher.lifecycle.settings import LifecycleSettings

PAGE = (Path(__file__).parents[3] / "docs" / "lifecycle.md").read_text()
FIRST_CELLS = set(re.findall(r"^\| `([^`]+)`", PAGE, re.MULTILINE))


@pytest.mark.parametrize("key", OutOfMemory.__struct_fields__)
def test_every_key_is_documented(key: str) -> None:
    assert key in FIRST_CELLS


@pytest.mark.parametrize("field", msgspec.structs.fields(LifecycleSettings), ids=lambda field: field.name)
def test_every_option_is_documented_with_its_default(field: msgspec.structs.FieldInfo) -> None:
    flag = "--" + field.name.replace("_", "-")
    default = {(): "none", True: "on"}.get(field.default, str(field.default))
    assert re.search(rf"^\| `{flag}`.*? \| {re.escape(default)} \|", PAGE, re.MULTILINE)


def test_every_metric_is_documented() -> None:
    nothing = Figures(told={}, traced={}, programs=0, missed={}, clients=0, clients_refused=0, on_their_way=0)
    for metric in LifecycleCollector(lambda: nothing).collect():
        assert metric.name + ("_total" if metric.type == "counter" else "") in FIRST_CELLS
