"""One service serves many nodes: each has a token of its own, made and revoked while the service runs."""

import json
import os
import pty
import sqlite3
import stat
import subprocess
import sys
from typing import Any

import pytest


def batch(*events: Any) -> bytes:
    return json.dumps({"batch_id": "b", "events": events}).encode()


def test_two_nodes_deliver_to_one_service_each_as_itself_only(service: Any, event: Any, student: str) -> None:
    one, two = f"{student}-one", f"{student}-two"
    tokens = {node: service.mint(node) for node in (one, two)}
    for node in (one, two):
        assert service.send(batch(event(node=node)), **tokens[node]).status_code == 200
    refused = service.send(batch(event(node=two)), **tokens[one])
    assert refused.status_code == 403
    assert f"belongs to node '{one}'" in refused.json()["error"]
    assert {e["node"] for e in service.timeline(student)} == {one, two}


def test_a_minted_token_is_bound_before_its_first_use(service: Any, event: Any, student: str) -> None:
    token = service.mint(f"{student}-mine")
    assert service.send(batch(event(node="another")), **token).status_code == 403
    assert service.send(batch(event(node=f"{student}-mine")), **token).status_code == 200


def test_a_revoked_token_is_refused_at_once_and_the_others_are_not(
    service: Any, event: Any, student: str
) -> None:
    old, other = service.mint(student), service.mint(f"{student}-other")
    (service.data.parent / f"{student}.token").unlink()
    new = service.mint(student)
    number = next(
        line.split("\t")[0]
        for line in service.command("list").stdout.splitlines()
        if line.split("\t")[2] == student
    )
    assert service.command("revoke", "--number", number).returncode == 0
    assert service.send(batch(event(node=student)), **old).status_code == 401
    assert service.send(batch(event(node=student)), **new).status_code == 200
    assert service.command("revoke", "--node", student).stdout == f"--node {student}: 1 revoked\n"
    assert service.send(batch(event(node=student)), **new).status_code == 401
    assert service.send(batch(), **other).status_code == 200
    assert service.get("/v1/session") == {"role": "reader"}


def test_the_list_says_who_was_seen_when_and_no_token(services: Any) -> None:
    service = services("listed")
    service.start()
    token = service.mint("node-7")
    service.send(batch(), **token)
    service.stop()
    said = service.command("list").stdout
    head, *lines = [line.split("\t") for line in said.splitlines()]
    assert head == ["number", "role", "node", "created", "last seen"]
    rows = {(role, node): (created, seen) for _, role, node, created, seen in lines}
    assert set(rows) == {("agent", "-"), ("reader", "-"), ("agent", "node-7")}
    created, seen = rows["agent", "node-7"]
    assert "-" < created <= seen
    assert rows["agent", "-"][1] == "-"
    assert token["Authorization"].removeprefix("Bearer ") not in said


def test_a_token_is_for_its_owner_alone_and_kept_as_a_hash(service: Any, student: str) -> None:
    token = service.mint(student)["Authorization"].removeprefix("Bearer ")
    assert len(token) >= 43
    assert stat.S_IMODE((service.data.parent / f"{student}.token").stat().st_mode) == 0o600
    database = b"".join(path.read_bytes() for path in service.data.glob("control.sqlite3*"))
    assert token.encode() not in database


def test_a_token_is_printed_on_a_terminal_only(service: Any, student: str) -> None:
    before = service.command("list").stdout
    assert service.command("mint", "--node", student).stderr == (
        "jcode-watcher: --out is missing: a token is printed on a terminal only; give a new file\n"
    )
    assert service.command("list").stdout == before
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jcode_watcher", "token", "--data", service.data, "--node", student]
    subprocess.run(command, stdout=theirs, check=True)
    token = os.read(ours, 1_000).decode().strip()
    os.close(ours)
    os.close(theirs)
    assert service.send(batch(), Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("mint", "--out", "x"), "--node: missing; give the node whose token to mint"),
        (("mint", "--node", "two words", "--out", "x"), "--node 'two words': give a name of 1 to 253 "),
        (("mint", "--node", "n", "--out", "/proc/no/such"), "--out /proc/no/such: No such file"),
        (("mint", "--node", "n", "--out", "/dev/null"), "--out /dev/null: is there already"),
        (("revoke",), "--node: missing; give the node whose token to revoke"),
        (("revoke", "--node", "nobody"), "--node nobody: no such token"),
        (("revoke", "--number", "2"), "--number 2: no such token of an agent"),
        (("burn",), "--action burn: give one of list, mint, revoke"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(service: Any, flags: tuple[str, ...], says: str) -> None:
    before = service.command("list").stdout
    done = service.command(*flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"jcode-watcher: {says}")
    assert done.stderr.count("\n") == 1
    assert service.command("list").stdout == before


def test_a_folder_that_no_service_was_started_on_is_refused(services: Any) -> None:
    service = services("none")
    service.data.mkdir()
    done = service.command("list")
    assert (done.returncode, list(service.data.iterdir())) == (2, [])
    assert "a service that was started once" in done.stderr


def test_control_data_of_an_earlier_version_is_taken_over(services: Any) -> None:
    service = services("earlier")
    service.start()
    service.stop()
    with sqlite3.connect(service.data / "control.sqlite3") as control:
        for column in ("created", "seen"):
            control.execute(f"ALTER TABLE tokens DROP COLUMN {column}")
    control.close()
    service.start()
    assert service.get("/v1/session") == {"role": "reader"}
    assert "\t-\t-\t-" in service.command("list").stdout
