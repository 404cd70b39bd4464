import sys

import pytest

from jcode_watcher.procmon.errors import LibbpfMissing
from jcode_watcher.procmon.kernel import Kernel
from jcode_watcher.procmon.options import Options


def test_a_missing_library_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jcode_watcher.procmon._ring", None)
    with pytest.raises(LibbpfMissing, match="install libbpf1"):
        Kernel(Options([], 4096, 4096))
