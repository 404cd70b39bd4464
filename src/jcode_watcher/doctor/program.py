"""`jcode-watcher doctor`: look, judge, print."""

import msgspec

from jcode_watcher.doctor.checks import CHECKS
from jcode_watcher.doctor.finding import Finding, lines_of
from jcode_watcher.doctor.look import look
from jcode_watcher.doctor.machine import Machine
from jcode_watcher.doctor.settings import DoctorSettings
from jcode_watcher.serving import show
from jcode_watcher.settings import one_line

SOMETHING_FAILS = 3


def run(settings: DoctorSettings) -> int:
    """Print what this machine allows; give 0 if nothing fails, else 3."""
    findings = judge(look(settings))
    if settings.json:
        show(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode())
    else:
        show("\n".join(lines_of(findings)))
    return SOMETHING_FAILS if any(finding.status == "fail" for finding in findings) else 0


def judge(machine: Machine) -> list[Finding]:
    """Let every check say what it makes of the machine, each finding on one line."""
    findings = [finding for check in CHECKS for finding in check(machine)]
    return [Finding(finding.status, one_line(finding.thing), one_line(finding.means)) for finding in findings]
