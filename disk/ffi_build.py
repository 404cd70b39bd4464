"""Describe to cffi what reads files: API mode, stable ABI, no library."""

from pathlib import Path

from cffi import FFI

# Relative to the folder of setup.py, where setuptools runs this: no machine's path gets into the extension.
HEADER = Path("disk/disk.h")

ffi = FFI()
ffi.cdef("\n".join(line for line in HEADER.read_text().splitlines() if not line.startswith("#")))
ffi.set_source(
    "jcode_watcher.filemon._disk",
    '#include "disk.h"',
    sources=["disk/disk.c"],
    depends=[str(HEADER)],
    include_dirs=["disk"],
    # -g0: debug information would name the folder it was built in.
    extra_compile_args=["-O2", "-Wall", "-g0"],
)
