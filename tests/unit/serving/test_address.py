"""Where a program listens."""

import pytest

from jcode_watcher.serving import Address, CannotListen, listen, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80)),
        ("[::1]:0", Address("::1", 0)),
        ("host:65535", Address("host", 65535)),
    ],
)
def test_an_address_is_read_and_written_the_same(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text", ["", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "a:65536", "::1:80", "a:-1", "a:٣"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(CannotListen, match="address"):
        parse_address(text)


def test_a_taken_port_is_refused_in_one_line() -> None:
    with (
        listen(Address("127.0.0.1", 0)) as first,
        pytest.raises(CannotListen, match="another program") as refused,
    ):
        listen(Address("127.0.0.1", first.getsockname()[1]))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_foreign_address_is_refused(host: str) -> None:
    with pytest.raises(CannotListen, match=host):
        listen(Address(host, 0))
