"""Real editors and tools at work, and what must be told and kept of it in each mode."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.filemon.attempts import ATTEMPTS, MODES
from tests.kernel.filemon.crew import Answer, gathered
from tests.kernel.filemon.promises import NEEDED, scenarios

if TYPE_CHECKING:
    from concurrent.futures import Future

    from jcode_watcher.filemon import Mode

Answers = dict[str, "Future[Answer]"]
"""By the name of the test that asks for it."""


@pytest.fixture(scope="module")
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Begin with all that is asked for in this session, so that several are under way at a time."""
    place = tmp_path_factory.mktemp("scenarios")
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    asked: dict[str, Any] = {
        test.name: test.callspec.params for test in tests if test.module is request.module
    }
    with gathered() as crew:
        yield {
            name: crew.begin(job["script"], job["mode"], place / str(number))
            for number, (name, job) in enumerate(asked.items())
            if not missing(job["script"])
        }


def missing(script: Path) -> list[str]:
    return [tool for tool in NEEDED.get(script.name, ()) if shutil.which(tool) is None]


@pytest.mark.kernel
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("script", scenarios(), ids=lambda script: script.stem)
def test_what_a_real_tool_does_is_told_and_the_newest_versions_equal_the_disk(
    script: Path, mode: "Mode", answers: Answers, request: pytest.FixtureRequest
) -> None:
    if tools := missing(script):
        pytest.skip(f"not installed: {', '.join(tools)}")
    answer = answers[request.node.name].result()
    if "skipped" in answer:
        pytest.skip(answer["skipped"])
    assert not answer["owed"], f"{mode}: not kept in at most {ATTEMPTS} attempts"
