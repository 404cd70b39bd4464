"""A node of a cluster, on this machine: the pods of the manifests and a student's container, for real."""

import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Document = dict[str, Any]
Wait = Callable[[Callable[[], Any], Callable[[], str]], Any]
pytestmark = [pytest.mark.container, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
NODE = "node-7"
STUDENT = "os-1-202012180"
SOURCE = "int main(void) { return 3; }\n"
# The agent finds a new folder by its events; a student's shell waits for nothing either.
LESSON = f"""
cd /home/coder/project/hw1
printf '%s' '{SOURCE.rstrip()}
' > answer.c
gcc -o answer answer.c
./answer
exit 0
"""


class Carrier(NamedTuple):
    """What a container's root file system is, and how the command is started in it."""

    options: tuple[str, ...]
    service: tuple[str, ...]
    agent: tuple[str, ...]


def own_root() -> Carrier:
    """The machine's root under a throw-away overlay, with this working tree: no image needed."""
    shared = {str(ROOT), sys.prefix, sys.base_prefix} - {"/usr", "/"}
    mounts = [f"--volume={path}:{path}:ro" for path in sorted(shared)]
    # Only root may enter the folder of an interpreter that root has built for itself.
    options = ("--env", f"PYTHONPATH={ROOT / 'src'}", *mounts, "--user=0:0")
    command = ("--rootfs", "/:O", sys.executable, "-m", "jcode_watcher")
    return Carrier(options, (*command, "serve"), (*command, "agent"))


def built_images() -> Carrier:
    return Carrier((), (f"jcode-watcher-service:{VERSION}",), (f"jcode-watcher-agent:{VERSION}",))


class Node:
    """The node's folders and network, and what runs on it."""

    def __init__(self, podman: Any, carrier: Carrier, folder: Path, prefix: str) -> None:
        self.podman, self.carrier, self.prefix = podman, carrier, prefix
        self.places = {name: folder / name for name in ("workspaces", "spool", "tokens", "tmp", "data")}
        for place in self.places.values():
            place.mkdir(parents=True)
        self.places["cgroup"] = Path("/sys/fs/cgroup")
        # As the kubelet prepares volumes: the claim belongs to the pod's group.
        self.places["tmp"].chmod(0o1777)
        os.chown(self.places["data"], -1, 65532)
        self.places["data"].chmod(0o2775)
        self.network = podman.start("--network=none", "--rootfs", "/:O", "sleep", "infinity")
        self.running: list[str] = []

    def run(self, options: list[str], command: tuple[str, ...], arguments: list[str]) -> str:
        network = f"--network=container:{self.network}"
        started: str = self.podman.start(network, *options, *self.carrier.options, *command, *arguments)
        self.running.append(started)
        return started

    def end(self) -> list[int]:
        """End what runs, the youngest first; give the exit statuses."""
        return [self.podman.end(self.running.pop()) for _ in list(self.running)]

    def close(self) -> None:
        """Remove whatever a test has left, however it went."""
        for container in [*reversed(self.running), self.network]:
            self.podman("rm", "--force", "--time", "0", container)

    def student(self, lesson: str) -> str:
        """Run a lesson in a student's container, whose workspace is mounted as the IDE mounts it."""
        workspace = self.places["workspaces"] / STUDENT
        (workspace / "hw1").mkdir(parents=True, exist_ok=True)
        mount = f"--volume={workspace}:/home/coder/project"
        ran: str = self.podman(
            "run", "--rm", f"--hostname={self.prefix}{STUDENT}", mount, "--rootfs", "/:O", "sh", "-c", lesson
        )
        return ran


def arguments_of(workload: Document, **changed: str) -> list[str]:
    """Give the arguments as the kubelet expands them; `changed` replaces what only a cluster resolves."""
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    arguments = []
    for argument in container["args"]:
        flag, _, value = argument.partition("=")
        value = changed.get(flag.removeprefix("--"), value)
        arguments.append(f"{flag}={re.sub(r'[$][(]JCODE_WATCHER_NODE[)]', NODE, value)}")
    return arguments


def port_of(workload: Document) -> int:
    return int(workload["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"])


@pytest.fixture(params=["own root", "built images"])
def node(request: pytest.FixtureRequest, podman: Any, tmp_path: Path, prefix: str) -> Iterator[Node]:
    if request.param == "own root":
        carrier = own_root()
    else:
        request.getfixturevalue("images")
        carrier = built_images()
    found = Node(podman, carrier, tmp_path / "node", prefix)
    yield found
    found.close()


@pytest.fixture
def start_agent(
    node: Node, daemon_set: Document, as_the_kubelet_starts: Callable[..., list[str]], wait_for: Wait
) -> Callable[..., str]:
    """Give a function that starts the DaemonSet's container and returns when its startup probe is content."""

    def start(*more: str, options: tuple[str, ...] = ()) -> str:
        arguments = arguments_of(daemon_set, server="http://127.0.0.1:8000")
        arguments += [f"--hostname-prefix={node.prefix}", *more]
        agent = node.run(
            [*as_the_kubelet_starts(daemon_set, node.places), *options], node.carrier.agent, arguments
        )
        (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
        probe = container["startupProbe"]["httpGet"]["path"]
        port = port_of(daemon_set)
        wait_for(
            lambda: node.podman.get(node.network, port, probe).status == 200,
            lambda: f"{node.podman.get(node.network, port, probe)}\n{node.podman('logs', agent)}",
        )
        return agent

    return start


def test_agent_and_service_as_in_the_manifests_tell_what_a_student_does(
    node: Node,
    stateful_set: Document,
    as_the_kubelet_starts: Callable[..., list[str]],
    start_agent: Callable[..., str],
    wait_for: Wait,
) -> None:
    port, tokens = port_of(stateful_set), node.places["data"] / "data/tokens"
    options = as_the_kubelet_starts(stateful_set, node.places)
    service = node.run(options, node.carrier.service, arguments_of(stateful_set))
    wait_for(
        lambda: node.podman.get(node.network, port, "/readyz").status == 200,
        lambda: str(node.podman("logs", service)),
    )
    (node.places["tokens"] / NODE).write_text((tokens / "agent").read_text())
    start_agent()
    node.student(LESSON)

    reader = (tokens / "reader").read_text().strip()
    course, section, student = STUDENT.split("-")
    timeline = f"/v1/timeline?course={course}&section={section}&student={student}"

    def events() -> list[Document]:
        answer = node.podman.get(node.network, port, timeline, reader)
        return list(json.loads(answer.text)["events"]) if answer.status == 200 else []

    def told() -> Document | None:
        found = {
            "save": [e for e in events() if e["kind"] == "file.saved" and e["body"]["path"] == "answer.c"],
            "build": activities(events(), "build"),
            "run": activities(events(), "run"),
        }
        return found if all(found.values()) else None

    found = wait_for(told, lambda: json.dumps(events(), indent=1)[-20_000:])
    assert found["save"][-1]["body"]["sha256"] == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert [event["body"]["exit_code"] for event in found["build"]] == [0]
    assert [event["body"]["exit_code"] for event in found["run"]] == [3]
    assert {event["node"] for event in events()} == {NODE}
    assert {event["subject"]["assignment"] for event in found["save"] + found["build"] + found["run"]} == {
        "hw1"
    }


def activities(events: list[Document], kind: str) -> list[Document]:
    exited = [event for event in events if event["kind"] == "process.exited"]
    return [event for event in exited if (event["body"]["activity"] or {}).get("type") == kind]


def test_an_agent_without_its_service_is_alive_and_ready(
    node: Node, daemon_set: Document, start_agent: Callable[..., str]
) -> None:
    (node.places["tokens"] / NODE).write_text("a-token-that-no-service-has-made\n")
    start_agent()
    node.student(LESSON)
    (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
    for probe in ("livenessProbe", "readinessProbe"):
        answer = node.podman.get(node.network, port_of(daemon_set), container[probe]["httpGet"]["path"])
        assert answer.status == 200, answer.text
    assert node.end() == [0]


def test_processes_are_traced_without_the_widest_capability(
    node: Node, start_agent: Callable[..., str]
) -> None:
    (node.places["tokens"] / NODE).write_text("a-token-that-no-service-has-made\n")
    start_agent("--no-filemon", options=("--cap-drop=SYS_ADMIN",))
