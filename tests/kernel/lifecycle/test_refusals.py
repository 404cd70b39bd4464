from __future__ import annotations

import os
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.kernel
# Root without any capability: it can still read this installation, wherever that lies.
POWERLESS = ("setpriv", "--bounding-set=-all")


def refusal(command: Sequence[str]) -> tuple[int, str]:
    """Run to the end; give the exit status and stderr. Nothing may be on stdout."""
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


def test_a_port_that_is_taken_is_said_in_one_line(lifecycle: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, said = refusal([*lifecycle, "--port", str(port)])
    assert status == 2
    assert said == (
        f"jcode-watcher: address 127.0.0.1:{port}: another program listens there;"
        " stop it or choose another port\n"
    )


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--port", "70000"], "--port 70000: give "),
        (["--host", "192.0.2.1"], "address 192.0.2.1:8080"),
        (["--host", "no such host"], "--host 'no such host': give a host name or address"),
        (["--hostname-prefix", ""], "--hostname-prefix"),
        (["--hostname-prefix", "x" * 65], "--hostname-prefix"),
        (["--clients-max", "0"], "--clients-max 0: give "),
    ],
)
def test_a_bad_setting_is_said_in_one_line(lifecycle: list[str], flags: list[str], named: str) -> None:
    port = [] if "--port" in flags or "--host" in flags else ["--port", "0"]
    status, said = refusal([*lifecycle, *port, *flags])
    assert status == 2
    assert said.startswith(f"jcode-watcher: {named}")
    assert said.count("\n") == 1


def test_a_user_without_privilege_is_told_so_in_one_line(lifecycle: list[str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give its capabilities away")
    status, said = refusal([*POWERLESS, *lifecycle, "--port", "0"])
    assert status == 3
    assert "cannot trace processes: CAP_PERFMON and CAP_BPF missing; run as root" in said
    assert said.count("\n") == 1
