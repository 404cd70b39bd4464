"""In which modes each folder of workspaces can be watched."""

from collections.abc import Iterator, Sequence

from jcode_watcher.doctor.finding import Finding, fail, ok, warn
from jcode_watcher.doctor.machine import Machine, Root


def check_file_modes(machine: Machine) -> Iterator[Finding]:
    """Judge each root by what came of really watching it."""
    if not machine.roots:
        yield warn("file modes", "not tried: give --root, the folder of the workspaces")
    for root in machine.roots:
        yield judge(root, machine.modes_built_in)


def judge(root: Root, built_in: Sequence[str]) -> Finding:
    """Say which modes work; without one that is built in the agent does not start."""
    thing = f"files of {root.path}"
    working = [mode for mode, refusal in root.refusals.items() if not refusal]
    usable = [mode for mode in built_in if mode in working]
    if not usable:
        # The last one asks for the least.
        reason = root.refusals.get(built_in[-1], "not tried")
        others = f" (the kernel would allow {', '.join(working)})" if working else ""
        return fail(thing, f"no file mode of this version works{others}: {reason}")
    refused = [f"{mode} does not work ({refusal})" for mode, refusal in root.refusals.items() if refusal]
    used = f"mode {usable[0]} works and is used"
    if usable[0] != next(iter(root.refusals)):
        return warn(thing, "; ".join([used, *refused]))
    return ok(thing, "; ".join([used, f"the kernel would allow {', '.join(working)}", *refused]))
