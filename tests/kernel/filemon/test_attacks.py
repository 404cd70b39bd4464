"""An unprivileged user tries everything at once: not a byte from outside the root."""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.filemon.attacker import HONEST_EVERY, NOBODY, SECRET
from tests.kernel.filemon.places import making_watched
from tests.kernel.filemon.test_safety import bound
from tests.kernel.filemon.watched import Watched

from jcode_watcher.filemon import Saved

pytestmark = [pytest.mark.kernel, pytest.mark.timeout(120)]
ATTACKS = 500
ATTACK_SECONDS_MAX = 60


@pytest.fixture
def watched(new_watched: object) -> Iterator[Watched]:  # noqa: ARG001 - skips where there is no privilege
    """A root and an outside that an unprivileged user may enter, unlike the folders that pytest gives."""
    with tempfile.TemporaryDirectory(prefix="jcode-watcher-test-") as name:
        place = Path(name)
        place.chmod(0o755)
        with making_watched(place) as make:
            watched = make()
            for folder in (watched.root, watched.outside):
                folder.chmod(0o777)
            yield watched


@pytest.mark.parametrize("seed", [1, 2])
def test_five_hundred_attacks_bring_not_a_byte_from_outside(watched: Watched, seed: int) -> None:
    (watched.outside / "foreign.c").write_bytes(SECRET)
    (watched.outside / "foreign.c").chmod(0o600)
    (watched.root / "mounted").mkdir()
    with bound(watched.outside, watched.root / "mounted"):
        watched.start()
        said = attack(watched, seed)
        watched.settle()
        watched.stop()
    told = [fact for fact in watched.facts if isinstance(fact, Saved)]
    assert [f for f in told if f.content and SECRET in f.content] == [], said
    assert [f for f in told if f.sha256 == hashlib.sha256(SECRET).hexdigest()] == [], said
    honest = {f.content for f in told if f.path.startswith(b"honest")}
    assert honest == {b"honest %d" % n for n in range(0, ATTACKS, HONEST_EVERY)}, said
    assert not any(f.content for f in told if f.path.startswith((b"mounted/", b"y"))), said


def attack(watched: Watched, seed: int) -> str:
    """Let all attacks be done, and give what the attacker says it did."""
    script = Path(__file__).with_name("attacker.py")
    command = (sys.executable, script, watched.root, watched.outside, str(seed), str(ATTACKS))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attacker:
        assert attacker.stdout
        assert attacker.stdout.readline() == "ready\n"
        assert f"Uid:\t{NOBODY}\t{NOBODY}" in Path(f"/proc/{attacker.pid}/status").read_text()
        said, _ = attacker.communicate("\n", timeout=ATTACK_SECONDS_MAX)
        assert attacker.returncode == 0
    return said
