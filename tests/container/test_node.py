"""A node of a cluster, on this machine: the pods of the manifests and a student's container, for real."""

import hashlib
import json
import os
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
CARRIERS = ["own root", "built images"] if os.environ.get("JCODE_WATCHER_IMAGE_TESTS") else ["own root"]
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
        names = ("workspaces", "spool", "tokens", "tmp", "data", "kubernetes")
        self.places = {name: folder / name for name in names}
        for place in self.places.values():
            place.mkdir(parents=True)
        self.places["cgroup"] = Path("/sys/fs/cgroup")
        # A token for a Kubernetes API that is not there: events go without names, and nothing else does.
        (self.places["kubernetes"] / "token").write_text("a-token\n")
        # As the kubelet prepares volumes: the claim belongs to the pod's group.
        self.places["tmp"].chmod(0o1777)
        os.chown(self.places["data"], -1, 65532)
        self.places["data"].chmod(0o2775)
        self.network = podman.start("--network=none", "--rootfs", "/:O", "sleep", "infinity")
        self.running: list[str] = []
        # What the cluster's name service would say.
        self.hosts = folder / "hosts"
        self.hosts.write_text("127.0.0.1 localhost jcode-watcher\n")

    def run(self, options: list[str], command: tuple[str, ...], arguments: list[str]) -> str:
        cluster = (f"--network=container:{self.network}", f"--volume={self.hosts}:/etc/hosts:ro")
        started: str = self.podman.start(*cluster, *options, *self.carrier.options, *command, *arguments)
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


def arguments_of(workload: Document) -> list[str]:
    """Give the manifest's arguments as the kubelet expands them."""
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    return [argument.replace("$(JCODE_WATCHER_NODE)", NODE) for argument in container["args"]]


def port_of(workload: Document) -> int:
    return int(workload["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"])


@pytest.fixture(params=CARRIERS)
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
        arguments = [*arguments_of(daemon_set), f"--hostname-prefix={node.prefix}", *more]
        agent = node.run(
            [*as_the_kubelet_starts(daemon_set, node.places), *options], node.carrier.agent, arguments
        )
        (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
        port = port_of(daemon_set)

        def answers() -> list[Any]:
            probes = (container[kind]["httpGet"]["path"] for kind in ("startupProbe", "readinessProbe"))
            return [node.podman.get(node.network, port, probe) for probe in probes]

        wait_for(
            lambda: all(answer.status == 200 for answer in answers()),
            lambda: f"{answers()}\n{node.podman('logs', agent)}",
        )
        return agent

    return start


@pytest.fixture
def start_service(
    node: Node, stateful_set: Document, as_the_kubelet_starts: Callable[..., list[str]], wait_for: Wait
) -> Callable[[], str]:
    """Give a function that starts the StatefulSet's container and returns when it is ready."""

    def start() -> str:
        options, port = as_the_kubelet_starts(stateful_set, node.places), port_of(stateful_set)
        service = node.run(options, node.carrier.service, arguments_of(stateful_set))
        wait_for(
            lambda: node.podman.get(node.network, port, "/readyz").status == 200,
            lambda: str(node.podman("logs", service)),
        )
        return service

    return start


class Timeline:
    """What the service tells a reader of the student."""

    def __init__(self, node: Node, port: int) -> None:
        course, section, student = STUDENT.split("-")
        path = f"/v1/timeline?course={course}&section={section}&student={student}"
        token = (node.places["data"] / "data/tokens/reader").read_text().strip()
        self.answer: Callable[[], Any] = lambda: node.podman.get(node.network, port, path, token)

    def events(self) -> list[Document]:
        answer = self.answer()
        return list(json.loads(answer.text)["events"]) if answer.status == 200 else []

    def lesson(self) -> list[Document] | None:
        """Give the save of the source, its build and its run, once all three are there."""
        events = self.events()
        saves = [e for e in events if e["kind"] == "file.saved" and e["body"]["path"] == "answer.c"]
        exits = [e for e in events if e["kind"] == "process.exited"]
        builds, runs = (
            [e for e in exits if (e["body"]["activity"] or {}).get("type") == kind]
            for kind in ("build", "run")
        )
        return [saves[-1], *builds, *runs] if saves and builds and runs else None


def test_agent_and_service_as_in_the_manifests_tell_what_a_student_does(
    node: Node,
    stateful_set: Document,
    start_service: Callable[[], str],
    start_agent: Callable[..., str],
    wait_for: Wait,
) -> None:
    service = start_service()
    (node.places["tokens"] / NODE).write_text((node.places["data"] / "data/tokens/agent").read_text())
    agent = start_agent()
    node.student(LESSON)

    timeline = Timeline(node, port_of(stateful_set))

    def tell() -> str:
        logs = [node.podman("logs", container) for container in (agent, service)]
        return "\n".join([str(timeline.answer()), *logs])

    save, build, run = wait_for(timeline.lesson, tell)

    assert save["body"]["sha256"] == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert build["body"]["exit_code"] == 0
    assert run["body"]["exit_code"] == 3
    assert {event["node"] for event in timeline.events()} == {NODE}
    assert {event["subject"]["assignment"] for event in (save, build, run)} == {"hw1"}
    assert node.end() == [0, 0]


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
