"""What each missing thing costs is said in one line, and only what the agent cannot do without fails."""

from pathlib import Path
from typing import Any, Protocol

import pytest

from jcode_watcher.doctor.checks import CHECKS
from jcode_watcher.doctor.finding import Finding
from jcode_watcher.doctor.machine import Disk, Machine, Root, Tracing
from jcode_watcher.doctor.program import judge

WITHOUT_BPF_AND_ADMIN = 1 << 38 | 1 << 19 | 1 << 2
ADMIN_ALONE = 1 << 21


class Healthy(Protocol):
    def but(self, **changes: Any) -> Machine: ...


def unwell(machine: Machine) -> dict[str, Finding]:
    return {finding.thing: finding for finding in judge(machine) if finding.status != "ok"}


def test_on_a_healthy_machine_every_line_is_ok(healthy: Healthy) -> None:
    assert unwell(healthy.but()) == {}


@pytest.mark.parametrize("check", CHECKS)
def test_no_check_is_silent(check: Any, healthy: Healthy) -> None:
    assert list(check(healthy.but()))


@pytest.mark.parametrize(
    ("changes", "thing", "means"),
    [
        ({"release": "5.4.0-26-generic"}, "kernel", "5.4.0-26-generic"),
        ({"has_types": False}, "BTF", "CONFIG_DEBUG_INFO_BTF"),
        ({"libbpf": "", "libbpf_refusal": "libbpf.so.1: not there"}, "libbpf", "libbpf.so.1: not there"),
        ({"capabilities": WITHOUT_BPF_AND_ADMIN}, "CAP_BPF", "load BPF programs"),
        ({"in_host_users": False}, "user namespace", "not the host's"),
        ({"in_host_pids": False}, "pid namespace", "hostPID: true"),
        ({"tracing": Tracing(refusal="cannot trace: why")}, "BPF programs", "cannot trace: why"),
        ({"memory_free_bytes": 1 << 20}, "ring memory", "1 MiB free"),
        ({"release": "5.10.0-1", "locked_bytes_max": 65536}, "ring memory", "65536"),
        ({"disk": Disk(folder=Path("/v"), refusal="Read-only file system")}, "spool disk", "Read-only"),
    ],
)
def test_what_the_agent_cannot_do_without_fails(
    changes: dict[str, Any], thing: str, means: str, healthy: Healthy
) -> None:
    finding = unwell(healthy.but(**changes))[thing]
    assert finding.status == "fail"
    assert means in finding.means


@pytest.mark.parametrize(
    ("changes", "thing", "means"),
    [
        ({"release": "5.15.0-100-generic"}, "kernel", "5.17"),
        ({"capabilities": ADMIN_ALONE}, "CAP_SYS_PTRACE", "/proc/PID/"),
        ({"capabilities": ADMIN_ALONE}, "CAP_DAC_READ_SEARCH", "handle"),
        ({"memory_free_bytes": 64 << 20}, "ring memory", "64 MiB free"),
        ({"bpffs_refusal": "not mounted"}, "bpffs", "gap"),
        ({"cgroup_v2": None}, "cgroups", "mount the host's"),
        ({"tracing": Tracing(memory_cgroups=9, memory_cgroups_found=1)}, "memory cgroups", "1 of 9"),
        ({"roots": []}, "file modes", "--root"),
        ({"inotify_watches_max": 8192}, "inotify watches", "8192"),
        ({"disk": None}, "spool disk", "--state"),
        ({"disk": Disk(folder=Path("/v"), free_bytes=1 << 20)}, "spool disk", "1 MiB free"),
        ({"disk": Disk(folder=Path("/v"), free_bytes=1 << 34, fsync_ms=900)}, "spool disk", "900.0 ms"),
        ({"kubernetes": "answers 403 Forbidden"}, "Kubernetes API", "403 Forbidden"),
    ],
)
def test_what_costs_something_is_a_warning(
    changes: dict[str, Any], thing: str, means: str, healthy: Healthy
) -> None:
    finding = unwell(healthy.but(**changes))[thing]
    assert finding.status == "warn"
    assert means in finding.means


def test_admin_stands_for_bpf_and_perfmon_as_in_the_kernel(healthy: Healthy) -> None:
    assert not unwell(healthy.but(capabilities=ADMIN_ALONE)).keys() & {"CAP_BPF", "CAP_PERFMON"}


@pytest.mark.parametrize("filesystem", ["nfs", "nfs4", "overlay", "fuse.sshfs", "9p"])
def test_a_file_system_with_a_cost_is_named(filesystem: str, healthy: Healthy) -> None:
    root = Root(path=Path("/w"), filesystem=filesystem, refusals={"handles": ""})
    assert filesystem in unwell(healthy.but(roots=[root]))["disk of /w"].means


def test_a_root_that_no_built_in_mode_can_watch_fails_and_says_what_the_kernel_would_allow(
    healthy: Healthy,
) -> None:
    root = Root(path=Path("/w"), filesystem="overlay", refusals={"handles": "no handles", "inotify": ""})
    finding = unwell(healthy.but(roots=[root]))["files of /w"]
    assert finding.status == "fail"
    assert "no handles" in finding.means
    assert "would allow inotify" in finding.means


def test_where_no_mode_works_the_reason_is_of_the_one_that_asks_for_the_least(healthy: Healthy) -> None:
    root = Root(path=Path("/w"), filesystem="proc", refusals={"handles": "no handles", "rescan": "no files"})
    finding = unwell(healthy.but(roots=[root], modes_built_in=["handles", "rescan"]))["files of /w"]
    assert finding.means == "no file mode of this version works: no files"


def test_a_finding_is_one_line_whatever_a_root_is_called(healthy: Healthy) -> None:
    root = Root(path=Path("/w\n\x1b[31m\udcff"), filesystem="ext4", refusals={"handles": "/w\n: no"})
    found = unwell(healthy.but(roots=[root]))["files of /w\\n\\x1b[31m\\udcff"]
    assert found.means.endswith(": /w\\n: no")


def test_a_root_in_a_lesser_mode_is_a_warning_with_the_reason(healthy: Healthy) -> None:
    root = Root(path=Path("/w"), filesystem="xfs", refusals={"handles": "no privilege", "inotify": ""})
    finding = unwell(healthy.but(roots=[root], modes_built_in=["handles", "inotify"]))["files of /w"]
    assert finding.status == "warn"
    assert "mode inotify works and is used" in finding.means
    assert "no privilege" in finding.means


def test_outside_a_pod_the_kubernetes_api_is_no_matter(healthy: Healthy) -> None:
    assert unwell(healthy.but(kubernetes=None)) == {}
