from pathlib import Path

import pytest

from jcode_watcher.agent.pods.account import Account
from jcode_watcher.agent.pods.errors import Unusable


def test_without_a_token_this_is_no_pod(tmp_path: Path) -> None:
    account = Account(tmp_path)
    assert not account.is_there
    (tmp_path / "token").write_text("a")
    assert account.is_there


def test_a_token_that_was_replaced_is_the_new_one(tmp_path: Path) -> None:
    account = Account(tmp_path)
    (tmp_path / "token").write_text("a\n")
    assert account.token() == "a"
    (tmp_path / "token").write_text("b\n")
    assert account.token() == "b"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"a\nb", b"\xff"])
def test_what_is_no_token_is_never_sent(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(Unusable) as refusal:
        Account(tmp_path).token()
    assert refusal.value.reason == "token"


def test_an_authority_that_is_none_is_refused_until_it_is_one(tmp_path: Path) -> None:
    account = Account(tmp_path)
    machines = account.trust()
    (tmp_path / "ca.crt").write_text("not a certificate")
    for _ in range(2):
        with pytest.raises(Unusable) as refusal:
            account.trust()
        assert refusal.value.reason == "authority"
    (tmp_path / "ca.crt").unlink()
    assert account.trust() is machines
