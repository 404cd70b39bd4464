"""Why processes cannot be watched.

CannotTrace              this machine does not let us; the message is one line for its operator
├── NoPrivilege          operator: run as root or grant the capabilities
├── NoTypeInformation    operator: another kernel, one built with BTF
├── KernelTooOld         operator: a newer kernel
├── LibbpfMissing        operator: install libbpf, or build the extension
├── CannotPin            operator: mount a bpffs, or give another folder or none
├── VerifierRefused      developer: this kernel does not accept the programs
└── LoadFailed           operator: anything else, such as no memory
BadOption                developer: a monitor was asked for something that cannot be
CannotTell               operator: nothing to do; what happened before is stated as a gap, with the reason
BadRecord                developer: bytes from the kernel that are no record; counted, never raised to users
"""


class CannotTrace(Exception):
    """The kernel's processes cannot be watched here. One line: what is missing, and what to do."""

    exit_status = 3


class NoPrivilege(CannotTrace):
    """The process may not load BPF programs."""


class NoTypeInformation(CannotTrace):
    """The kernel does not tell its types (BTF), without which programs cannot be fitted to it."""


class KernelTooOld(CannotTrace):
    """The kernel lacks something that the programs need."""


class LibbpfMissing(CannotTrace):
    """The compiled extension or the library it needs is not there."""


class CannotPin(CannotTrace):
    """The folder in which programs should outlive the process cannot be used."""


class VerifierRefused(CannotTrace):
    """The kernel's verifier did not accept a program."""


class LoadFailed(CannotTrace):
    """Loading or attaching failed for another reason, which the message names."""


class BadOption(ValueError):
    """A monitor was asked for something that cannot be."""


class CannotTell(Exception):
    """What an earlier process left pinned cannot be told by this one: the reason."""


class BadRecord(ValueError):
    """Bytes that are no record of the layout that is agreed upon."""
