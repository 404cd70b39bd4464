"""The component with which the agent's programs outlive its pod."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.settings.fields import fields_of

Document = dict[str, Any]
PINS = Path(__file__).parents[3] / "deploy/pins"


def step(place: Any, name: str) -> Any:
    return place[int(name)] if isinstance(place, list) else place[name]


@pytest.fixture
def with_pins(daemon_set: Document) -> Document:
    """Give the DaemonSet as kustomize patches it: everything is added at the end of a list."""
    for patch in yaml.safe_load((PINS / "agent.yaml").read_text()):
        *path, last = patch["path"].strip("/").split("/")
        place: Any = daemon_set
        for name in path:
            place = step(place, name)
        assert (patch["op"], last) == ("add", "-")
        place.append(patch["value"])
    return daemon_set


def test_the_component_patches_the_agent_and_nothing_else() -> None:
    component = yaml.safe_load((PINS / "kustomization.yaml").read_text())
    (patch,) = component["patches"]
    assert component["kind"] == "Component"
    assert patch == {"path": "agent.yaml", "target": {"kind": "DaemonSet", "name": "jcode-watcher-agent"}}


def test_the_patched_agent_is_valid_and_gains_one_folder_of_its_own(with_pins: Document) -> None:
    assert kubernetes_validate.validate(with_pins, "1.32", strict=True) == "1.32"
    pod = with_pins["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    writable = {mount["name"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
    assert writable == {"spool", "tmp", "pins"}
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "pins"]
    # Never the whole file system: other programs' pins could be taken away there.
    assert volume["hostPath"] == {"path": "/sys/fs/bpf/jcode-watcher", "type": "DirectoryOrCreate"}


def test_the_setting_names_the_folder_that_is_mounted(with_pins: Document) -> None:
    (container,) = with_pins["spec"]["template"]["spec"]["containers"]
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "pins"]
    (field,) = [field for field in fields_of(AgentSettings) if field.name == "bpf_pins"]
    assert container["args"][-1] == f"{field.flag}={mount['mountPath']}"
