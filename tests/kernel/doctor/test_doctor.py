"""The doctor tells of real machines what is true of them, crippled ones among them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jcode_watcher.doctor.finding import Finding

pytestmark = pytest.mark.kernel
Doctor = Callable[..., tuple[int, dict[str, Finding]]]


def failures(findings: dict[str, Finding]) -> set[str]:
    return {thing for thing, finding in findings.items() if finding.status == "fail"}


def test_root_on_this_machine_can_do_everything_that_is_needed(doctor: Doctor, tmp_path: Path) -> None:
    status, findings = doctor("--root", str(tmp_path), "--state", str(tmp_path / "state"))
    assert (status, failures(findings)) == (0, set())
    assert "loaded and attached" in findings["BPF programs"].means
    assert list(tmp_path.iterdir()) == []


def test_each_finding_is_one_line(doctor: Doctor) -> None:
    _, findings = doctor()
    lines = subprocess.run(
        [sys.executable, "-m", "jcode_watcher", "doctor"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(lines) == len(findings)
    assert {line.split()[0] for line in lines} <= {"ok", "warn", "fail"}


def test_without_capabilities_each_is_named_with_what_it_costs(doctor: Doctor, tmp_path: Path) -> None:
    status, findings = doctor(
        "--root", str(tmp_path), below=("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    )
    assert status == 3
    assert failures(findings) == {"CAP_BPF", "CAP_PERFMON", "BPF programs"}
    assert "mode inotify works and is used" in findings[f"files of {tmp_path}"].means
    assert findings["CAP_SYS_PTRACE"].status == "warn"
    assert "CAP_PERFMON and CAP_BPF missing" in findings["BPF programs"].means


def test_without_admin_processes_still_work(doctor: Doctor) -> None:
    privileges = "--bounding-set=-all,+bpf,+perfmon,+dac_read_search,+sys_ptrace"
    status, findings = doctor(below=("setpriv", privileges))
    assert (status, failures(findings)) == (0, set())
    assert findings["CAP_SYS_ADMIN"].status == "warn"


def test_another_user_is_told_that_the_state_folder_cannot_be_written(doctor: Doctor) -> None:
    below = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")
    status, findings = doctor("--state", "/proc/1/nothing", below=below)
    assert status == 3
    assert {"CAP_BPF", "BPF programs", "spool disk"} <= failures(findings)


def test_a_pid_namespace_of_its_own_is_seen(doctor: Doctor) -> None:
    status, findings = doctor(below=("unshare", "--pid", "--fork", "--mount-proc"))
    assert (status, failures(findings)) == (3, {"pid namespace"})


def test_in_a_user_namespace_a_full_set_of_capabilities_deceives_nobody(doctor: Doctor) -> None:
    status, findings = doctor(below=("unshare", "--user", "--map-root-user"))
    assert status == 3
    assert {"user namespace", "BPF programs"} <= failures(findings)
    assert findings["CAP_BPF"].status == "ok"


def test_without_cgroup_mounts_containers_have_no_names(doctor: Doctor) -> None:
    hide = 'umount -R /sys/fs/cgroup && exec "$@"'
    status, findings = doctor(below=("unshare", "--mount", "sh", "-c", hide, "sh"))
    assert (status, findings["cgroups"].status) == (0, "warn")


def test_a_mounted_bpffs_is_written_for_real(doctor: Doctor, tmp_path: Path) -> None:
    mounting = f'mount -t bpf "$0" {tmp_path} && exec "$@"'
    _, findings = doctor(below=("unshare", "--mount", "sh", "-c", mounting, "bpf"))
    assert findings["bpffs"].status == "ok"


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    for name in ("lower", "upper", "work", "merged"):
        (tmp_path / name).mkdir()
    options = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
    merged = tmp_path / "merged"
    mounted = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, merged], check=False)
    if mounted.returncode != 0:
        pytest.skip("needs overlayfs")
    yield merged
    subprocess.run(["umount", merged], check=True)


def test_an_overlay_without_handles_is_watched_in_the_next_best_mode(doctor: Doctor, overlay: Path) -> None:
    status, findings = doctor("--root", str(overlay))
    assert status == 0
    assert findings[f"disk of {overlay}"].status == "warn"
    assert findings[f"files of {overlay}"].status == "warn"
    assert "mode descriptors works and is used" in findings[f"files of {overlay}"].means


def test_a_root_that_is_not_there_fails(doctor: Doctor, tmp_path: Path) -> None:
    status, findings = doctor("--root", str(tmp_path / "absent"))
    assert status == 3
    assert "No such file" in findings[f"files of {tmp_path}/absent"].means
