"""The checks, in the order in which they are printed: adding one is one file and one line here."""

from jcode_watcher.doctor.checks.bpf_file_system import check_bpf_file_system
from jcode_watcher.doctor.checks.capabilities import check_capabilities
from jcode_watcher.doctor.checks.cgroups import check_cgroups
from jcode_watcher.doctor.checks.file_modes import check_file_modes
from jcode_watcher.doctor.checks.inotify_watches import check_inotify_watches
from jcode_watcher.doctor.checks.kernel import check_kernel
from jcode_watcher.doctor.checks.kubernetes import check_kubernetes
from jcode_watcher.doctor.checks.libbpf import check_libbpf
from jcode_watcher.doctor.checks.namespaces import check_namespaces
from jcode_watcher.doctor.checks.programs import check_programs
from jcode_watcher.doctor.checks.ring_memory import check_ring_memory
from jcode_watcher.doctor.checks.root_file_systems import check_root_file_systems
from jcode_watcher.doctor.checks.spool_disk import check_spool_disk
from jcode_watcher.doctor.checks.types import check_types
from jcode_watcher.doctor.judging import Check

CHECKS: tuple[Check, ...] = (
    check_kernel,
    check_types,
    check_libbpf,
    check_capabilities,
    check_namespaces,
    check_programs,
    check_ring_memory,
    check_bpf_file_system,
    check_cgroups,
    check_file_modes,
    check_root_file_systems,
    check_inotify_watches,
    check_spool_disk,
    check_kubernetes,
)
