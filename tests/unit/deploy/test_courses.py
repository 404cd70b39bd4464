"""The component that gives the agents their courses' rules."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from tests.unit.deploy.test_pins import step

from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.settings import load

Document = dict[str, Any]
ROOT = Path(__file__).parents[3]
COURSES = ROOT / "deploy/courses"
REQUIRED = {"server": "http://service", "token_file": "token", "state": "state"}


def patched(daemon_set: Document) -> Document:
    for patch in yaml.safe_load((COURSES / "agent.yaml").read_text()):
        *path, _ = patch["path"].strip("/").split("/")
        place: Any = daemon_set
        for name in path:
            place = step(place, name)
        place.append(patch["value"])
    return daemon_set


def test_the_flag_names_the_file_that_an_overlay_generates_as_the_page_says(daemon_set: Document) -> None:
    page = (ROOT / "docs/sources.md").read_text()
    (overlay,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (generated,) = yaml.safe_load(overlay)["configMapGenerator"]
    pod = patched(daemon_set)["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "courses"]
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "courses"]

    assert kubernetes_validate.validate(daemon_set, "1.32", strict=True) == "1.32"
    assert container["args"][-1] == f"--config={mount['mountPath']}/{generated['files'][0]}"
    assert volume["configMap"]["name"] == generated["name"]
    assert generated["namespace"] == daemon_set["metadata"]["namespace"]
    assert mount["readOnly"]


def test_every_example_of_the_page_is_one_that_the_agent_accepts(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/sources.md").read_text(), re.DOTALL)
    assert examples
    for text in examples:
        (tmp_path / "agent.toml").write_text(text)
        assert load(AgentSettings, {**REQUIRED, "config": str(tmp_path / "agent.toml")}, {}).courses
