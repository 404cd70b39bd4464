"""From a kernel fact to the object that is told of it. Pure."""

from jcode_watcher.events import to_text
from jcode_watcher.lifecycle.ending import name_of, status_of
from jcode_watcher.lifecycle.objects import Happened, LostOnTheWay, OutOfMemory, Told
from jcode_watcher.procmon.facts import Executed, Exited, Fact, Lost, OomKilled


def told_of(fact: Fact, suspended_ns: int) -> Told | None:
    """Give what is told of a fact; None of a program that ran before the monitor did."""
    match fact:
        case Executed(found_running=True):
            return None
        case Executed():
            return execution(fact, suspended_ns)
        case Exited():
            return ending(fact, suspended_ns)
        case OomKilled():
            return out_of_memory(fact, suspended_ns)
        case Lost():
            return LostOnTheWay(stage=fact.stage, reason=fact.reason, count=fact.count)


def execution(fact: Executed, suspended_ns: int) -> Happened:
    """Tell that a program was executed."""
    return Happened(
        timestamp=fact.boot_ns - suspended_ns,
        pid=fact.pid,
        ppid=fact.ppid,
        comm=to_text(fact.comm),
        type="EXEC",
        argv=texts(fact.argv),
        argv_truncated=fact.argv_truncated,
        exe=to_text(fact.exe),
        cwd=to_text(fact.cwd),
        uid=fact.uid,
        hostname=to_text(fact.hostname),
        cgroup_id=str(fact.cgroup_id),
    )


def ending(fact: Exited, suspended_ns: int) -> Happened:
    """Tell that a process ended, and what it had been running."""
    program = fact.program
    return Happened(
        timestamp=fact.boot_ns - suspended_ns,
        pid=fact.pid,
        ppid=fact.ppid,
        comm=to_text(fact.comm),
        type="EXIT",
        exit_code=status_of(fact.exit_code, fact.signal),
        argv=texts(program.argv) if program else (),
        argv_truncated=program.argv_truncated if program else False,
        exe=to_text(program.exe) if program else "",
        cwd=to_text(program.cwd) if program else "",
        uid=fact.uid,
        hostname=to_text(fact.hostname),
        duration_ns=fact.boot_ns - (fact.exec_boot_ns or fact.start_boot_ns),
        signal=name_of(fact.signal),
        core_dumped=fact.core_dumped,
        oom_killed=fact.oom_killed,
        cgroup_id=str(fact.cgroup_id),
    )


def out_of_memory(fact: OomKilled, suspended_ns: int) -> OutOfMemory:
    """Tell whom the kernel chose to kill, as memory ran out."""
    program = fact.program
    return OutOfMemory(
        timestamp=fact.boot_ns - suspended_ns,
        pid=fact.pid,
        ppid=fact.ppid,
        comm=to_text(fact.comm),
        type="OOM",
        target_pid=fact.pid,
        argv=texts(program.argv) if program else (),
        argv_truncated=program.argv_truncated if program else False,
        exe=to_text(program.exe) if program else "",
        cwd=to_text(program.cwd) if program else "",
        uid=fact.uid,
        hostname=to_text(fact.hostname),
        cgroup_id=str(fact.cgroup_id),
        total_vm_bytes=fact.total_vm_bytes,
        anon_rss_bytes=fact.anon_rss_bytes,
        file_rss_bytes=fact.file_rss_bytes,
        oom_score_adj=fact.oom_score_adj,
        memory_cgroup_id=str(fact.memory_cgroup_id),
    )


def texts(arguments: tuple[bytes, ...]) -> tuple[str, ...]:
    """Give arguments as text."""
    return tuple(map(to_text, arguments))
