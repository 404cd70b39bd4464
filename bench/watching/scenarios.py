"""How many scripts, in which real editors and tools work, each way of watching gets right."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kernel.filemon.promises import LOST_AT_MOST, NEEDED, Told, act, broken, scenarios
from tests.kernel.filemon.wanted import walk

from bench.watching.ground import NICE, room_for_peers
from bench.watching.recorder import WAYS

ATTEMPTS = {"rescan": 1}
ATTEMPTS_OF_OTHERS = 2
"""The machine may stall for longer than lies between two versions; `rescan` does not mean to see each."""
WATCHDOG7 = Path("build/bench/watchdog7")
"""Where `make bench` puts the newest watchdog beside the one in the environment."""


class NotWatching(Exception):
    """A way of watching did not begin, or ended before it was asked."""


def measure() -> dict[str, float]:
    """Each way has a file system of its own; all run at the same time, as the scripts mostly wait."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    scripts = [s for s in scenarios() if all(map(shutil.which, NEEDED.get(s.name, ())))]
    ways = [way for way in WAYS if way != "watchdog7" or WATCHDOG7.is_dir()]
    with ThreadPoolExecutor(len(ways)) as pool, room_for_peers():
        wrong = dict(zip(ways, pool.map(lambda way: wrong_of(way, scripts), ways), strict=True))
    return {
        "scenarios_total": len(scripts),
        **{f"scenarios_right_{way}": len(scripts) - len(names) for way, names in wrong.items()},
    }


def wrong_of(way: str, scripts: list[Path]) -> list[str]:
    with ground(way) as place:
        names = [script.stem for script in scripts if not is_right(way, script, place)]
    print(
        f"  {way:12} {len(scripts) - len(names)} of {len(scripts)} right; wrong: {', '.join(names)}",
        flush=True,
    )
    return names


def is_right(way: str, script: Path, place: Path) -> bool:
    for attempt in range(ATTEMPTS.get(way, ATTEMPTS_OF_OTHERS)):
        workspace, outside = (place / f"{script.stem}-{attempt}-{name}" for name in ("root", "outside"))
        workspace.mkdir()
        outside.mkdir()
        try:
            with recording(way, workspace) as recorder:
                promises = act(script, workspace, outside)
                told = [Told(what, *fields(*rest)) for what, *rest in json.loads(asked(recorder))]
        except (NotWatching, BrokenPipeError):
            continue
        owed = broken(promises, told, dict(walk(workspace)))
        if len(owed.pop("lost", [])) <= LOST_AT_MOST.get(script.name, 0) and not owed:
            return True
    return False


def fields(path: str, sha256: str | None, destination: str) -> tuple[bytes, str | None, bytes]:
    return os.fsencode(path), sha256, os.fsencode(destination)


@contextmanager
def recording(way: str, workspace: Path) -> Iterator["subprocess.Popen[str]"]:
    path = [*([str(WATCHDOG7.resolve())] if way == "watchdog7" else []), str(Path.cwd())]
    with subprocess.Popen(
        [sys.executable, "-m", "bench.watching.recorder", way, workspace],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # Some ways warn at length.
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
    ) as recorder:
        try:
            assert recorder.stdout
            if recorder.stdout.readline() != "ready\n":
                raise NotWatching(way)
            yield recorder
        finally:
            recorder.kill()


def asked(recorder: "subprocess.Popen[str]") -> str:
    assert recorder.stdin
    assert recorder.stdout
    recorder.stdin.write("\n")
    recorder.stdin.flush()
    if not (answer := recorder.stdout.readline()):
        raise NotWatching
    return answer


@contextmanager
def ground(way: str) -> Iterator[Path]:
    """Mount a tmpfs; for mode `descriptors` an overlay on it, as containers have."""
    with TemporaryDirectory(prefix="jcode-watcher-bench-") as name:
        at = Path(name)
        subprocess.run(["mount", "-t", "tmpfs", "filemon-bench", at], check=True)
        mounted = [at]
        try:
            if way == "descriptors":
                lower, upper, work, merged = (at / part for part in ("lower", "upper", "work", "merged"))
                for folder in (lower, upper, work, merged):
                    folder.mkdir()
                options = f"lowerdir={lower},upperdir={upper},workdir={work}"
                subprocess.run(["mount", "-t", "overlay", "filemon-bench", "-o", options, merged], check=True)
                mounted.append(merged)
            yield mounted[-1]
        finally:
            for mount in reversed(mounted):
                subprocess.run(["umount", "--lazy", mount], check=True)
