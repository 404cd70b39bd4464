import errno

import pytest

from jcode_watcher.procmon.errors import (
    CannotTrace,
    KernelTooOld,
    LoadFailed,
    NoPrivilege,
    NoTypeInformation,
    VerifierRefused,
)
from jcode_watcher.procmon.privilege import (
    effective_capabilities,
    refusal_of_load,
    refusal_of_machine,
    verdict_of,
    version_of,
)

PERFMON, BPF, ADMIN = 1 << 38, 1 << 39, 1 << 21
VERIFIER = """libbpf: prog 'on_exec': BPF program load failed: Permission denied
libbpf: prog 'on_exec': -- BEGIN PROG LOAD LOG --
12: (bf) r1 = r10
R1 unbounded memory access
processed 268 insns (limit 1000000) max_states_per_insn 0 total_states 14 peak_states 14 mark_read 0
-- END PROG LOAD LOG --
libbpf: prog 'on_exec': failed to load: -13
"""


@pytest.mark.parametrize("effective", [PERFMON | BPF, ADMIN, PERFMON | BPF | ADMIN])
def test_nothing_stands_against_enough_privilege(effective: int) -> None:
    assert refusal_of_machine(effective, has_types=True) is None


@pytest.mark.parametrize(
    ("effective", "missing"), [(0, "CAP_PERFMON and CAP_BPF"), (BPF, "CAP_PERFMON"), (PERFMON, "CAP_BPF")]
)
def test_missing_capabilities_are_named(effective: int, missing: str) -> None:
    refusal = refusal_of_machine(effective, has_types=True)
    assert isinstance(refusal, NoPrivilege)
    assert f": {missing} missing" in str(refusal)


def test_a_kernel_without_types_is_named() -> None:
    refusal = refusal_of_machine(ADMIN, has_types=False)
    assert isinstance(refusal, NoTypeInformation)
    assert "CONFIG_DEBUG_INFO_BTF" in str(refusal)


def test_the_mask_of_capabilities_is_read_from_the_process_status() -> None:
    status = "Name:\tx\nCapPrm:\t0000000000000001\nCapEff:\t000000c000000000\nCapBnd:\t0\n"
    assert effective_capabilities(status) == PERFMON | BPF
    assert effective_capabilities("Name:\tx\n") == 0


@pytest.mark.parametrize(
    ("error", "log", "release", "kind", "says"),
    [
        (errno.EINVAL, VERIFIER, "5.4.0-30-amd64", KernelTooOld, "kernel 5.4.0-30-amd64; 5.10 or newer"),
        (errno.EACCES, VERIFIER, "6.1.0-18-amd64", VerifierRefused, "R1 unbounded memory access; report"),
        (errno.EPERM, "", "6.1.0", NoPrivilege, "lockdown"),
        (errno.ENOMEM, "libbpf: one\nlibbpf: map 'ring': failed", "6.1.0", LoadFailed, "map 'ring': failed"),
        (errno.ENOMEM, "", "6.1.0", LoadFailed, "Cannot allocate memory"),
    ],
)
def test_a_failure_to_load_is_one_line_that_says_what_and_why(
    error: int, log: str, release: str, kind: type[CannotTrace], says: str
) -> None:
    refusal = refusal_of_load(error, log, release)
    assert type(refusal) is kind
    assert says in str(refusal)
    assert "\n" not in str(refusal)


def test_no_verdict_is_read_where_the_verifier_said_nothing() -> None:
    assert not verdict_of("libbpf: failed to find valid kernel BTF\n")


@pytest.mark.parametrize(
    ("release", "version"), [("5.12.0", (5, 12)), ("6.18.44-fc-v669", (6, 18)), ("5.4.0-1-aws", (5, 4))]
)
def test_a_version_is_read_from_a_release(release: str, version: tuple[int, ...]) -> None:
    assert version_of(release) == version
