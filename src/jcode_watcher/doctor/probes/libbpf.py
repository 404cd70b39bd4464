"""Whether the compiled extension and the library it needs can be loaded."""

from importlib import import_module
from pathlib import Path
from typing import Final

EXTENSION: Final = "jcode_watcher.procmon._ring"


def load() -> tuple[str, str]:
    """Load them; give the library's file, and why they could not be loaded. One of both is empty."""
    try:
        import_module(EXTENSION)
    except ImportError as error:
        return "", str(error)
    mapped = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    files = (line.split(maxsplit=5)[-1] for line in mapped)
    return next((file for file in files if "/libbpf.so" in file), "linked into the extension"), ""
