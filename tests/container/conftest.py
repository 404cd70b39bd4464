"""Real containers, started as a kubelet would start the pods of the manifests."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

Document = dict[str, Any]
# Building takes minutes: `make images` asks for it, `make test` does not.
collect_ignore = [] if os.environ.get("JCODE_WATCHER_IMAGE_TESTS") else ["test_images.py"]
ROOT = Path(__file__).parents[2]
SECCOMP = Path("/usr/share/containers/seccomp.json")
NODE = "node-7"
COMMAND_SECONDS_MAX = 60
READY_SECONDS_MAX = 60
GRACE_SECONDS = 30
CONTAINERS_CONF = """
[containers]
netns = "none"
log_driver = "k8s-file"
default_ulimits = []
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""
# A request from inside a container's network namespace, which no route leads to; under the pod's address, as
# the kubelet's probes come.
REQUEST = """
import sys, urllib.request, urllib.error
url, token = sys.argv[1:]
headers = {"Host": "10.42.0.7"} | ({"Authorization": f"Bearer {token}"} if token else {})
request = urllib.request.Request(url, headers=headers)
try:
    answer = urllib.request.urlopen(request, timeout=10)
except urllib.error.HTTPError as refusal:
    answer = refusal
except OSError:
    sys.exit("0")
print(answer.status, answer.read().decode())
"""


class Answer(NamedTuple):
    """What an HTTP server said; status 0 where none answered."""

    status: int
    text: str


class Podman:
    """Podman with a storage and a configuration of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        conf, storage = folder / "containers.conf", folder / "storage.conf"
        conf.write_text(CONTAINERS_CONF)
        storage.write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
        )
        self.environment = os.environ | {
            "CONTAINERS_CONF": str(conf),
            "CONTAINERS_STORAGE_CONF": str(storage),
            "TMPDIR": str(folder),
        }

    def __call__(self, *arguments: str) -> str:
        """Run one podman command to its end; give what it printed, which the failure shows too."""
        ended = subprocess.run(
            ["podman", *arguments],
            env=self.environment,
            # Its monitor notes a kill for want of memory in the folder in which it was begun.
            cwd=self._folder,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_SECONDS_MAX,
        )
        assert ended.returncode == 0, f"podman {' '.join(arguments)}\n{ended.stdout}"
        return ended.stdout

    def start(self, *arguments: str) -> str:
        """Start a container in the background; give its id."""
        return self("run", "--detach", *arguments).split()[-1]

    def get(self, container: str, port: int, path: str, token: str = "") -> Answer:
        """Ask an HTTP server in the container's network namespace."""
        pid = self("inspect", "--format", "{{.State.Pid}}", container).strip()
        url = f"http://127.0.0.1:{port}{path}"
        command = ["nsenter", f"--net=/proc/{pid}/ns/net", sys.executable, "-c", REQUEST, url, token]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX
        )
        status, _, text = ended.stdout.partition(" ")
        return Answer(int(status or 0), text)

    def end(self, container: str) -> int:
        """Ask a container to end within the grace period of a pod; give its exit status and remove it."""
        self("stop", "--time", str(GRACE_SECONDS), container)
        status = int(self("inspect", "--format", "{{.State.ExitCode}}", container))
        self("rm", container)
        return status


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    if os.geteuid() != 0:
        pytest.skip("containers with capabilities need root")
    for program in ("podman", "runc", "nsenter"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    found = Podman(tmp_path_factory.mktemp("podman"))
    yield found
    found("rmi", "--all", "--force")


@pytest.fixture
def prefix() -> str:
    """Give a host name prefix that no other test and no real student has."""
    return f"t{secrets.token_hex(4)}-"


def manifest(name: str, kind: str) -> Document:
    documents = yaml.safe_load_all((ROOT / "deploy/manifests" / name).read_text())
    (one,) = [document for document in documents if document["kind"] == kind]
    return dict(one)


@pytest.fixture
def daemon_set() -> Document:
    return manifest("agent.yaml", "DaemonSet")


@pytest.fixture
def stateful_set() -> Document:
    return manifest("service.yaml", "StatefulSet")


@pytest.fixture
def as_the_kubelet_starts() -> Callable[[Document, Mapping[str, Path]], list[str]]:
    return options_of


def options_of(workload: Document, places: Mapping[str, Path]) -> list[str]:
    """Give podman's options for a workload's only container; `places` says where each volume lies here."""
    pod = workload["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    context = pod["securityContext"] | container["securityContext"]
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    options = ["--user", f"{context['runAsUser']}:{context['runAsGroup']}"]
    options += ["--pid", "host"] if pod.get("hostPID") else []
    options += [f"--cap-drop={name}" for name in context["capabilities"]["drop"]]
    options += [f"--cap-add={name}" for name in context["capabilities"].get("add", [])]
    options += ["--security-opt", f"seccomp={SECCOMP}"]
    options += [] if context["allowPrivilegeEscalation"] else ["--security-opt", "no-new-privileges"]
    options += ["--read-only", "--read-only-tmpfs=false"] if context["readOnlyRootFilesystem"] else []
    for mount in container["volumeMounts"]:
        mode = "ro" if mount.get("readOnly") else "rw"
        mode += ",rslave" if mount.get("mountPropagation") == "HostToContainer" else ""
        options += ["--volume", f"{places[mount['name']]}:{mount['mountPath']}:{mode}"]
    limits = container["resources"]["limits"]
    options += ["--memory", limits["memory"].removesuffix("i").lower()]
    options += ["--cpus", limits["cpu"]] if "cpu" in limits else []
    return options + [f"--env={variable['name']}={NODE}" for variable in container.get("env", [])]


@pytest.fixture
def wait_for() -> Callable[[Callable[[], Any], Callable[[], str]], Any]:
    """Give a function that asks until the answer is true, and fails with what is told by then."""

    def wait(ask: Callable[[], Any], tell: Callable[[], str]) -> Any:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not (answer := ask()):
            assert time.monotonic() < deadline, tell()
            time.sleep(0.2)
        return answer

    return wait


@pytest.fixture(scope="session")
def images(podman: Podman) -> Podman:
    """Build both images on a base that is made from this machine's package sources."""
    if shutil.which("mmdebstrap") is None:
        pytest.skip("mmdebstrap is not installed")
    ended = subprocess.run(
        [sys.executable, str(ROOT / "deploy/images/build"), "--local-base"],
        env=podman.environment,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert ended.returncode == 0, ended.stdout[-8_000:]
    return podman
