"""What is special about the file systems of the workspaces."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.doctor.finding import Finding, ok, warn
from jcode_watcher.doctor.machine import Machine

OF_OTHERS: Final = (
    "saves that another machine makes are not told by the kernel; run the agent where they are made"
)
COSTS: Final = {
    "nfs": OF_OTHERS,
    "nfs4": OF_OTHERS,
    "cifs": OF_OTHERS,
    "smb3": OF_OTHERS,
    "ceph": OF_OTHERS,
    "9p": OF_OTHERS,
    "fuse": "a FUSE server's own changes are not told by the kernel",
    "overlay": "layers change beneath it unseen, handles need index=on,nfs_export=on; watch a plain folder",
}


def check_root_file_systems(machine: Machine) -> Iterator[Finding]:
    """Judge the type of each root that can be reached."""
    for root in machine.roots:
        if not root.filesystem:
            continue
        cost = COSTS.get(root.filesystem) or COSTS.get(root.filesystem.partition(".")[0])
        thing = f"disk of {root.path}"
        yield warn(thing, f"{root.filesystem}: {cost}") if cost else ok(thing, root.filesystem)
