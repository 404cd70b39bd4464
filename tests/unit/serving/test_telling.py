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


SHOWS = [sys.executable, "-c", "import sys; from jcode_watcher.serving import show; show('x'); sys.exit(3)"]


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    with subprocess.Popen(SHOWS, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as showing:
        assert showing.stdout
        assert showing.stderr
        showing.stdout.close()
        said = showing.stderr.read()
        assert (showing.wait(60), said) == (3, b"")


def test_what_was_asked_for_and_cannot_be_printed_is_told_in_one_line() -> None:
    doctor = [sys.executable, "-m", "jcode_watcher", "doctor"]
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - as a shell's redirection
        ended = subprocess.run(doctor, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert ended.stderr == b"jcode-watcher: stdout: No space left on device; give it room\n"


def test_without_a_stdout_nothing_is_printed() -> None:
    ended = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *SHOWS], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (3, b"")
