"""A node's own container runtime, asked as the kubelet asks it."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import uuid
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import grpc
import pytest
from cri_api.v1 import api_pb2 as cri
from cri_api.v1 import api_pb2_grpc as calls

IMAGE = "localhost/skeleton:1"
CNI_PLUGINS = "/usr/lib/cni"
SECONDS_MAX = 60
OUT_OF_MEMORY = 137
"""The exit status of what the kernel killed; nothing else here is killed."""
CONFIG = """
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
address = "{folder}/socket"
[plugins."io.containerd.grpc.v1.cri"]
disable_tcp_service = true
disable_apparmor = true
restrict_oom_score_adj = true
sandbox_image = "{image}"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{plugins}"
conf_dir = "{folder}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
"""
NETWORK = {
    "cniVersion": "0.4.0",
    "name": "pods",
    "plugins": [{"type": "ptp", "ipam": {"type": "host-local", "subnet": "10.213.0.0/16"}}],
}
PAUSE = "#include <unistd.h>\nint main(void) { for (;;) pause(); }\n"
LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}


class Started(NamedTuple):
    """A container that was started."""

    container_id: str
    pod_uid: str
    hostname: str


class Ended(NamedTuple):
    """What a runtime says of a container that has ended."""

    container_id: str
    pod_uid: str
    hostname: str
    exit_code: int
    """128 and the signal's number where a signal ended it."""
    oom_killed: bool


class Runtime(Protocol):
    """What a test asks of a runtime."""

    def start(self, hostname: str, script: str, memory_bytes: int) -> Started: ...
    def ended(self, started: Started) -> Ended | None: ...


def parent_of(uid: str) -> str:
    return f"/kubepods/burstable/pod{uid}"


def remove_parents(uids: Sequence[str]) -> None:
    for hierarchy in (Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").iterdir()):
        for folder in [hierarchy / parent_of(uid)[1:] for uid in uids]:
            # Podman's monitor has a folder of its own there.
            for below in (*folder.glob("*/"), folder):
                if below.is_dir():
                    below.rmdir()


def added(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def skeleton(folder: Path) -> Path:
    """Make an image that holds a program that waits, and places for the machine's own to be mounted at."""
    (folder / "pause.c").write_text(PAUSE)
    subprocess.run(["gcc", "-static", "-O1", "-o", folder / "pause", folder / "pause.c"], check=True)
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        added(archive, "pause", (folder / "pause").read_bytes(), 0o755)
        for name in ("usr", "proc", "dev", "sys", "etc", "tmp"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
        for name, target in LINKS.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    config = {
        "architecture": "arm64" if os.uname().machine == "aarch64" else "amd64",
        "os": "linux",
        "config": {"Entrypoint": ["/pause"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(layer.getvalue()).hexdigest()}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [IMAGE], "Layers": ["layer.tar"]}]
    with tarfile.open(folder / "image.tar", mode="w") as archive:
        added(archive, "layer.tar", layer.getvalue())
        added(archive, "config.json", json.dumps(config).encode())
        added(archive, "manifest.json", json.dumps(manifest).encode())
    return folder / "image.tar"


class Kubelet:
    """Starts pods of one container through the Container Runtime Interface."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._runtime = calls.RuntimeServiceStub(channel)
        self._sandboxes: list[str] = []
        self._uids: list[str] = []

    def start(self, hostname: str, script: str, memory_bytes: int) -> Started:
        """Start a pod whose container runs a shell script."""
        uid = str(uuid.uuid4())
        self._uids.append(uid)
        pod = cri.PodSandboxConfig(
            metadata=cri.PodSandboxMetadata(name=hostname, uid=uid, namespace="default"),
            hostname=hostname,
            log_directory="",
            labels={"io.kubernetes.pod.uid": uid},
            linux=cri.LinuxPodSandboxConfig(
                cgroup_parent=parent_of(uid),
                security_context=cri.LinuxSandboxSecurityContext(
                    namespace_options=cri.NamespaceOption(pid=cri.CONTAINER)
                ),
            ),
        )
        sandbox = self._runtime.RunPodSandbox(
            cri.RunPodSandboxRequest(config=pod), timeout=SECONDS_MAX
        ).pod_sandbox_id
        self._sandboxes.append(sandbox)
        container = cri.ContainerConfig(
            metadata=cri.ContainerMetadata(name="ide"),
            image=cri.ImageSpec(image=IMAGE),
            command=["/bin/sh", "-c", script],
            mounts=[cri.Mount(container_path="/usr", host_path="/usr", readonly=True)],
            linux=cri.LinuxContainerConfig(
                resources=cri.LinuxContainerResources(memory_limit_in_bytes=memory_bytes),
                security_context=cri.LinuxContainerSecurityContext(
                    namespace_options=cri.NamespaceOption(pid=cri.CONTAINER)
                ),
            ),
        )
        request = cri.CreateContainerRequest(pod_sandbox_id=sandbox, config=container, sandbox_config=pod)
        made = self._runtime.CreateContainer(request, timeout=SECONDS_MAX).container_id
        self._runtime.StartContainer(cri.StartContainerRequest(container_id=made), timeout=SECONDS_MAX)
        return Started(made, uid, hostname)

    def ended(self, started: Started) -> Ended | None:
        """Give what is said of a container, once it has ended."""
        request = cri.ContainerStatusRequest(container_id=started.container_id)
        status = self._runtime.ContainerStatus(request, timeout=SECONDS_MAX).status
        if status.state != cri.CONTAINER_EXITED:
            return None
        return Ended(*started, status.exit_code, status.reason == "OOMKilled")

    def close(self) -> None:
        """Remove all pods, and what the kubelet would remove of their cgroups."""
        for sandbox in self._sandboxes:
            for call, request in (
                (self._runtime.StopPodSandbox, cri.StopPodSandboxRequest(pod_sandbox_id=sandbox)),
                (self._runtime.RemovePodSandbox, cri.RemovePodSandboxRequest(pod_sandbox_id=sandbox)),
            ):
                call(request, timeout=SECONDS_MAX)
        remove_parents(self._uids)


@pytest.fixture(scope="session")
def containerd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[grpc.Channel]:
    """Run a containerd of this session's own."""
    if os.geteuid() != 0:
        pytest.skip("containers need root")
    for program in ("containerd", "ctr", "runc", "gcc", f"{CNI_PLUGINS}/ptp"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("cri")
    (folder / "cni").mkdir()
    (folder / "cni/pods.conflist").write_text(json.dumps(NETWORK))
    (folder / "config.toml").write_text(CONFIG.format(folder=folder, image=IMAGE, plugins=CNI_PLUGINS))
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(["containerd", "--config", folder / "config.toml"], stderr=log)
    try:
        with grpc.insecure_channel(f"unix:{folder}/socket") as channel:
            grpc.channel_ready_future(channel).result(timeout=SECONDS_MAX)
            ctr = ["ctr", "--address", f"{folder}/socket", "--namespace", "k8s.io", "images", "import"]
            subprocess.run([*ctr, skeleton(folder)], check=True, capture_output=True)
            yield channel
    finally:
        daemon.terminate()
        daemon.wait()


@pytest.fixture
def kubelet(containerd: grpc.Channel) -> Iterator[Kubelet]:
    found = Kubelet(containerd)
    yield found
    found.close()


class PodmanPods:
    """Starts containers through podman, below the cgroups of a kubelet."""

    def __init__(self, podman: Any) -> None:
        self._podman = podman
        self._started: list[Started] = []

    def start(self, hostname: str, script: str, memory_bytes: int) -> Started:
        uid = str(uuid.uuid4())
        options = [f"--hostname={hostname}", f"--cgroup-parent={parent_of(uid)}", f"--memory={memory_bytes}"]
        command = ["--network=none", "--rootfs", "/:O", "/bin/sh", "-c", script]
        self._started.append(Started(self._podman.start(*options, *command), uid, hostname))
        return self._started[-1]

    def ended(self, started: Started) -> Ended | None:
        asked = "{{.State.Status}} {{.State.ExitCode}}"
        status, code = self._podman("inspect", "--format", asked, started.container_id).split()
        # Podman does not know of kills for want of memory where cgroups are of version 1.
        return Ended(*started, int(code), int(code) == OUT_OF_MEMORY) if status == "exited" else None

    def close(self) -> None:
        for started in self._started:
            self._podman("rm", "--force", "--time", "0", started.container_id)
        remove_parents([started.pod_uid for started in self._started])


@pytest.fixture
def podman_pods(podman: Any) -> Iterator[PodmanPods]:
    found = PodmanPods(podman)
    yield found
    found.close()
