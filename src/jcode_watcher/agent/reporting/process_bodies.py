"""From facts about processes to what the contract says of them. Pure."""

import signal

from jcode_watcher.events import moment, to_text
from jcode_watcher.events.activity import Activity
from jcode_watcher.events.monitor import IdentityMismatched
from jcode_watcher.events.process import ProcessExited, ProcessOomKilled, ProcessStarted
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled

NS_A_US = 1_000


def started_body(fact: Executed, activity: Activity | None) -> ProcessStarted:
    """Say that a process executed a program."""
    return ProcessStarted(
        pid=fact.pid,
        started=moment(fact.started_ns),
        ppid=fact.ppid,
        namespace_pid=fact.namespace_pid,
        uid=fact.uid,
        comm=to_text(fact.comm),
        exe=to_text(fact.exe),
        argv=tuple(map(to_text, fact.argv)),
        argv_truncated=fact.argv_truncated,
        argv_bytes=fact.argv_bytes,
        cwd=to_text(fact.cwd),
        hostname=to_text(fact.hostname),
        cgroup_id=str(fact.cgroup_id),
        activity=activity,
    )


def mismatched_body(fact: Executed) -> IdentityMismatched:
    """Say that a container claims another host name than the one it was pinned with."""
    return IdentityMismatched(
        pinned=to_text(fact.pinned_hostname),
        claimed=to_text(fact.hostname),
        pid=fact.pid,
        exe=to_text(fact.exe),
    )


def exited_body(fact: Exited, program: Executed | None, activity: Activity | None) -> ProcessExited:
    """Say that a process ended, and what it had been running where that was seen."""
    return ProcessExited(
        pid=fact.pid,
        started=moment(fact.started_ns),
        ppid=fact.ppid,
        namespace_pid=fact.namespace_pid,
        uid=fact.uid,
        comm=to_text(fact.comm),
        exe=to_text(program.exe) if program else "",
        argv=tuple(map(to_text, program.argv)) if program else (),
        argv_truncated=program.argv_truncated if program else False,
        argv_bytes=program.argv_bytes if program else 0,
        cwd=to_text(program.cwd) if program else "",
        hostname=to_text(fact.hostname),
        cgroup_id=str(fact.cgroup_id),
        activity=activity,
        duration_us=max(0, fact.boot_ns - (fact.exec_boot_ns or fact.start_boot_ns)) // NS_A_US,
        exit_code=fact.exit_code,
        signal=None if fact.signal is None else signal_name(fact.signal),
        core_dumped=fact.core_dumped,
        oom_killed=fact.oom_killed,
        user_us=fact.user_ns // NS_A_US,
        system_us=fact.system_ns // NS_A_US,
        peak_rss_bytes=fact.peak_rss_bytes,
    )


def oom_killed_body(fact: OomKilled, program: Executed | None, activity: Activity | None) -> ProcessOomKilled:
    """Say whom the kernel chose as memory ran out."""
    return ProcessOomKilled(
        pid=fact.pid,
        comm=to_text(fact.comm),
        started=moment(fact.started_ns),
        uid=fact.uid,
        hostname=to_text(fact.hostname),
        total_vm_bytes=fact.total_vm_bytes,
        anon_rss_bytes=fact.anon_rss_bytes,
        file_rss_bytes=fact.file_rss_bytes,
        oom_score_adj=fact.oom_score_adj,
        memory_cgroup_id=str(fact.memory_cgroup_id),
        argv=tuple(map(to_text, program.argv)) if program else (),
        exe=to_text(program.exe) if program else "",
        activity=activity,
    )


def signal_name(number: int) -> str:
    """Name a signal as the manual does; real-time signals count from SIGRTMIN."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIGRTMIN+{number - signal.SIGRTMIN}" if number > signal.SIGRTMIN else f"SIG{number}"
