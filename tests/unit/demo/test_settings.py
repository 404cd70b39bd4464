"""What the demo accepts before it starts anything."""

import pytest

from jcode_watcher.demo.settings import DemoSettings
from jcode_watcher.settings import BadSetting, load


@pytest.mark.parametrize("prefix", ["", " ", "a b", "-a", "a/b", "a\n", "x" * 41, "os,jcode-"])
def test_a_prefix_that_no_hostname_can_have_is_refused(prefix: str) -> None:
    with pytest.raises(BadSetting, match=r"^--hostname-prefix .*: give 1 to 40 letters, digits and -, "):
        load(DemoSettings, {"hostname_prefix": prefix}, {})


def test_an_address_is_refused_before_the_service_is_started() -> None:
    with pytest.raises(BadSetting, match=r"^--listen x: give HOST:PORT "):
        load(DemoSettings, {"listen": "x"}, {})
