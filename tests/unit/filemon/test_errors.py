"""How it is said what ended a watch."""

import pytest

from jcode_watcher.filemon.errors import NoSuchRoot, why_ended


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NoSuchRoot("/ws is gone"), "/ws is gone"),
        (KeyError("x"), "KeyError('x')"),
        (ValueError(), "ValueError()"),
    ],
)
def test_a_refusal_is_told_in_its_own_words_and_a_bug_with_its_class(error: Exception, reason: str) -> None:
    assert why_ended(error) == reason
