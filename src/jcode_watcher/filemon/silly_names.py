"""What NFS makes of the deletion of a file that is open on this node: a silly rename (fs/nfs/unlink.c).

The file is called .nfs, its inode number and a count, until it is closed; then it is gone. The kernel tells
the deletion under that name, and nothing of the rename.
"""

import re

SILLY = re.compile(rb"\.nfs[0-9a-f]{24}")


def is_silly(name: bytes) -> bool:
    """Tell whether NFS gave this name to a file that was deleted while it was open."""
    return SILLY.fullmatch(name) is not None


def inode_of(name: bytes) -> int:
    """Give the inode number in a silly name."""
    return int(name[4:20], 16)
