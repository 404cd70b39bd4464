import subprocess
import sys

import pytest

TELLS = """
import structlog
from jcode_watcher.serving import announce, configure_logs

configure_logs()
for _ in range(2_000):
    structlog.get_logger().info("said", more="x" * 100)
    announce("ready")
"""


@pytest.mark.parametrize("where", ["/dev/full", "a reader that is gone"])
def test_a_program_goes_on_though_nobody_can_take_what_it_tells(where: str) -> None:
    command = [sys.executable, "-c", TELLS]
    if where == "/dev/full":
        with open(where, "wb") as full:  # noqa: PTH123 - as a shell's redirection
            subprocess.run(command, stdout=full, stderr=full, timeout=60, check=True)
        return
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as telling:
        assert telling.stdout
        assert telling.stderr
        telling.stdout.close()
        telling.stderr.close()
        assert telling.wait(60) == 0


def test_what_is_told_is_one_json_object_a_line() -> None:
    said = subprocess.run([sys.executable, "-c", TELLS], capture_output=True, check=True, text=True)
    assert set(said.stdout.splitlines()) == {"ready"}
    lines = said.stderr.splitlines()
    assert len(lines) == 2_000
    assert all(line.startswith("{") and '"event": "said"' in line for line in lines)
