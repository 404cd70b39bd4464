"""The patch with which agents on a cluster write the snapshot tree."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from tests.unit.deploy.test_pins import step

from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.settings.fields import fields_of

PAGE = Path(__file__).parents[3] / "docs/snapshots.md"


def test_the_patch_of_the_page_mounts_the_folder_that_the_flag_names(daemon_set: dict[str, Any]) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (patch,) = yaml.safe_load(text)["patches"]
    for change in yaml.safe_load(patch["patch"]):
        *path, _ = change["path"].strip("/").split("/")
        place: Any = daemon_set
        for name in path:
            place = step(place, name)
        place.append(change["value"])

    assert kubernetes_validate.validate(daemon_set, "1.32", strict=True) == "1.32"
    (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
    (field,) = [field for field in fields_of(AgentSettings) if field.name == "snapshots"]
    assert container["args"][-1] == f"{field.flag}={container['volumeMounts'][-1]['mountPath']}"
