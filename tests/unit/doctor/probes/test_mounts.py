"""Mounts are found as /proc/self/mountinfo tells them."""

from pathlib import Path

from jcode_watcher.doctor.probes.cgroups import hierarchies, own_path
from jcode_watcher.doctor.probes.mounts import mounted_as, mounts

MOUNTINFO = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 22 0:27 / /sys/fs/cgroup/memory rw,relatime shared:5 - cgroup cgroup rw,memory
31 22 0:28 / /sys/fs/cgroup/cpu rw,relatime shared:6 master:1 - cgroup cgroup rw,cpu,cpuacct
32 22 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
40 22 0:40 / /mnt/a\\040folder rw - nfs4 server:/a rw,vers=4.2
"""


def test_both_cgroup_hierarchies_are_found() -> None:
    assert hierarchies(mounts(MOUNTINFO)) == (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup/memory"))


def test_a_path_with_spaces_is_read() -> None:
    assert mounted_as(mounts(MOUNTINFO), "nfs4") == Path("/mnt/a folder")


def test_what_is_not_mounted_is_not_found() -> None:
    assert mounted_as(mounts(MOUNTINFO), "bpf") is None


def test_the_own_cgroup_is_read_for_each_hierarchy() -> None:
    text = "4:memory:/user/a\n2:cpu,cpuacct:/b\n0::/user:c\n"
    assert (own_path(text, "memory"), own_path(text, ""), own_path(text, "cpu")) == (
        "/user/a",
        "/user:c",
        "/b",
    )
