"""How a machine of each architecture is compiled for and emulated."""

from typing import NamedTuple

STATIC_LIBRARIES = ("libbpf-dev", "libelf-dev", "zlib1g-dev")


class Architecture(NamedTuple):
    """One, by Debian's name."""

    name: str
    compiler: str
    emulator: tuple[str, ...]
    terminal: str
    own: bool
    """Whether the static libraries of this machine are of it."""


AMD64 = Architecture("amd64", "gcc", ("qemu-system-x86_64",), "ttyS0", own=True)
ARM64 = Architecture(
    "arm64", "aarch64-linux-gnu-gcc", ("qemu-system-aarch64", "-M", "virt"), "ttyAMA0", own=False
)
