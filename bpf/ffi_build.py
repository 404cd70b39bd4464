"""Describe the C shim to cffi: API mode, stable ABI, dynamically linked with libbpf."""

from pathlib import Path

from cffi import FFI

# Relative to the folder of setup.py, where setuptools runs this: no machine's path gets into the extension.
HEADER = Path("bpf/monitor.h")

ffi = FFI()
ffi.cdef("\n".join(line for line in HEADER.read_text().splitlines() if not line.startswith("#")))
ffi.set_source(
    "jcode_watcher.procmon._ring",
    '#include "monitor.h"',
    sources=[f"bpf/{name}.c" for name in ("monitor", "reading", "left", "consume", "pinning")],
    depends=[
        str(HEADER),
        *(f"bpf/{name}.h" for name in ("handle", "left", "consume", "pinning")),
        "bpf/build/process.skel.h",
    ],
    include_dirs=["bpf", "bpf/build"],
    libraries=["bpf"],
    # -g0: debug information would name the folder it was built in.
    extra_compile_args=["-O2", "-Wall", "-g0"],
)
