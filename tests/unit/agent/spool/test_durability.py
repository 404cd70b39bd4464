"""What was kept stays, whoever is killed and whoever else reads it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.unit.agent.spool.saves import AT, draft, numbers

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Stores


def test_what_was_kept_is_there_after_a_crash_and_what_was_not_is_not(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1)], AT)
    store.database.execute("BEGIN IMMEDIATE")
    store.database.execute("DELETE FROM events")
    store.database.close()

    again = stores.open("a2")

    assert numbers(again) == [1]
    assert again.before is not None
    assert (again.before.agent, again.before.last_seq) == ("a1", 1)


KEEPER = """
import sys
from pathlib import Path
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool import Level, Spool, begin, connect
from jcode_watcher.events.monitor import MonitorStopped
database = connect(Path(sys.argv[1]), 1 << 26)
now = 1_750_000_000_000_000_000
begin(database, "victim", now)
spool = Spool(database, "victim", "n1", Level(database))
while True:
    spool.keep([Draft(now, None, MonitorStopped())] * 7, now)
    print(spool.seq, flush=True)
"""


def test_what_was_kept_before_a_kill_is_there_without_a_hole(stores: "Stores", tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        told = [int(victim.stdout.readline()) for _ in range(30)]
        os.kill(victim.pid, signal.SIGKILL)
        told += [int(line) for line in victim.stdout.read().splitlines()]

    store = stores.open("next")

    there = numbers(store)
    assert there == list(range(1, len(there) + 1))
    assert len(there) >= told[-1]
    assert store.before is not None
    assert store.before.last_seq == len(there)


def test_it_is_as_durable_as_it_says(stores: "Stores") -> None:
    database = stores.open().database

    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)


READ = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute("SELECT COUNT(*) FROM events").fetchone()[0])
database.close()
"""


def read_by_another_program(folder: Path) -> int:
    command = [sys.executable, "-c", READ, str(folder / "spool.sqlite3")]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


def test_another_program_that_reads_the_spool_takes_nothing_away(stores: "Stores", tmp_path: Path) -> None:
    store = stores.open()
    store.spool.keep([draft(1)], AT)
    assert read_by_another_program(tmp_path) == 1
    store.spool.keep([draft(2)], AT)
    assert read_by_another_program(tmp_path) == 2
