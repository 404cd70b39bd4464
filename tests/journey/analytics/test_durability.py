"""What was acknowledged is on disk and stays there once, whatever is killed when."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard
from websockets.sync.client import connect

KILLS = 8
END_SECONDS_MAX = 10
SENDERS = 4
BATCH_EVENTS = 50
ACKNOWLEDGED_BEFORE_KILL = 12


class Sender:
    """Posts one stream of events until the service is gone; what was not acknowledged is sent again,
    regrouped, when it is back."""

    def __init__(self, service: Any, event: Any, name: str) -> None:
        self.service = service
        self.event = event
        self.name = name
        self.acknowledged: list[Any] = []
        self.waiting: list[Any] = []
        self.size = BATCH_EVENTS

    def run(self) -> None:
        """Send until the connection breaks."""
        while True:
            while len(self.waiting) < self.size:
                self.waiting.append(self.event(agent=self.name))
            batch = self.waiting[: self.size]
            body = zstandard.compress(json.dumps({"batch_id": "b", "events": batch}).encode())
            try:
                answer = self.service.send(body, **{"Content-Encoding": "zstd"})
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            receipt = answer.json()
            assert receipt["stored"] + receipt["repeated"] == len(batch)
            self.acknowledged += batch
            del self.waiting[: self.size]


def test_nothing_acknowledged_is_lost_or_doubled_when_the_service_is_killed(
    services: Any, event: Any, student: str, eventually: Any
) -> None:
    service = services("killed")
    service.start()
    senders = [Sender(service, event, f"{student}-{number}") for number in range(SENDERS)]
    for kill in range(KILLS):
        before = sum(len(sender.acknowledged) for sender in senders)
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for sender, thread in zip(senders, threads, strict=True):
            sender.size = BATCH_EVENTS + 7 * kill
            thread.start()
        wanted = before + (ACKNOWLEDGED_BEFORE_KILL + kill) * BATCH_EVENTS
        eventually(lambda wanted=wanted: sum(len(s.acknowledged) for s in senders) >= wanted, 60)
        service.kill()
        for thread in threads:
            thread.join(30)
        service.start()
    found = [e["id"] for e in service.timeline(student)]
    assert len(found) == len(set(found)), "an event is stored twice"
    acknowledged = {e["id"] for sender in senders for e in sender.acknowledged}
    assert acknowledged <= set(found), "an acknowledged event is lost"
    for sender in senders:
        if sender.waiting:
            service.post(sender.waiting)
    everything = acknowledged | {e["id"] for sender in senders for e in sender.waiting}
    found = [e["id"] for e in service.timeline(student)]
    assert sorted(found) == sorted(everything)


def test_the_index_of_ids_is_completed_after_a_kill_between_its_two_steps(
    services: Any, event: Any, student: str
) -> None:
    service = services("torn")
    service.start()
    events = [event() for _ in range(20)]
    service.post(events[:10])
    service.post(events[10:])
    service.stop()
    # What a kill after the events' and before the ids' insert leaves behind.
    forget = (
        "import sys; from chdb.session import Session; s = Session(sys.argv[1]);"
        "s.query('ALTER TABLE known_ids DELETE WHERE commit = 2 SETTINGS mutations_sync = 2');"
        "assert str(s.query('SELECT count() FROM known_ids')).strip() == '10'; s.close()"
    )
    subprocess.run([sys.executable, "-c", forget, str(service.data / "store")], check=True)
    service.start()
    assert service.post(events[::-1])["repeated"] == 20
    assert service.timeline(student) == events


def test_sigterm_ends_within_seconds_with_live_sockets_and_loses_nothing(
    services: Any, event: Any, student: str
) -> None:
    service = services("ended")
    service.start()
    with connect(service.live_url, additional_headers=service.token("reader"), close_timeout=1) as socket:
        assert json.loads(socket.recv(timeout=10))["type"] == "ready"
        sender = Sender(service, event, student)
        thread = threading.Thread(target=sender.run)
        thread.start()
        assert json.loads(socket.recv(timeout=20))["type"] == "event"
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began < END_SECONDS_MAX
    thread.join(30)
    service.start()
    found = {e["id"] for e in service.timeline(student)}
    assert {e["id"] for e in sender.acknowledged} <= found
    assert "Traceback" not in service.log()


def test_a_second_service_on_the_same_folder_is_refused_in_one_line(services: Any) -> None:
    service = services("locked")
    service.start()
    second = subprocess.run(
        [sys.executable, "-m", "jcode_watcher", "serve", "--data", service.data, "--listen", "127.0.0.1:0"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 2
    assert second.stdout == ""
    assert second.stderr.count("\n") == 1
    assert "another process serves it" in second.stderr
    assert service.get("/v1/sections") == {"sections": []}


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_disk_has_the_events_before_the_sender_has_its_receipt(
    services: Any, saved: Any, tmp_path: Path
) -> None:
    service = services("traced")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,sendto,write,writev"
    service.before = ["strace", "-f", "-y", "-s", "400", "-e", calls, "-o", str(trace)]
    service.start()
    sent = saved("a.c", "on disk")
    assert service.post([sent], "proof-of-receipt")["stored"] == 1
    # strace does not pass a signal on to what it traces.
    traced = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    os.kill(int(traced[0]), signal.SIGTERM)
    service.ended()

    lines = trace.read_text(errors="replace").splitlines()
    receipt = next(n for n, line in enumerate(lines) if 'batch_id\\":\\"proof-of-receipt' in line)
    tables = dict(tables_of(service.data))
    for table in ("contents", "events", "known_ids"):
        folder = tables[table]
        renames = [
            n for n, line in enumerate(lines[:receipt]) if "rename" in line and f"{folder}/tmp_insert" in line
        ]
        assert renames, f"no part of {table} was put in place before the receipt"
        part = [
            line for line in lines[: renames[-1]] if "fdatasync(" in line and f"{folder}/tmp_insert" in line
        ]
        assert any("data.bin" in line for line in part), (
            f"{table}: data is not synced before it is put in place"
        )
        after = [line for line in lines[renames[-1] : receipt] if "fdatasync(" in line and folder in line]
        assert after, f"{table}: its folder is not synced before the receipt"


def tables_of(data: Path) -> list[tuple[str, str]]:
    """Where each table's parts lie."""
    found = []
    for description in (data / "store/store").glob("*/*/*.sql"):
        uuid = re.search(r"UUID '([0-9a-f-]+)'", description.read_text())
        assert uuid is not None
        found.append((description.stem, f"store/store/{uuid[1][:3]}/{uuid[1]}"))
    return found


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_disk_that_fails_to_sync_gives_no_receipt(services: Any, event: Any, student: str) -> None:
    service = services("failing")
    service.start()
    before, during = event(), event()
    service.post([before])
    fault = ["strace", "-f", "-q", "-p", str(service.process.pid), "-e", "inject=fdatasync:error=EIO"]
    strace = subprocess.Popen([*fault, "-e", "trace=fdatasync"], stderr=subprocess.PIPE, text=True)
    try:
        wait_until_traced(service.process.pid)
        refused = service.send(json.dumps({"batch_id": "b", "events": [during]}).encode())
    finally:
        strace.terminate()
        strace.communicate(timeout=20)
    assert refused.status_code == 503, refused.text
    service.post([during])
    assert service.timeline(student) == [before, during]


def wait_until_traced(pid: int) -> None:
    """Wait until strace holds every thread."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        threads = list(Path(f"/proc/{pid}/task").glob("*/status"))
        if all("TracerPid:\t0\n" not in status.read_text() for status in threads):
            return
        time.sleep(0.02)
    raise AssertionError("strace did not attach")
