"""Compile the BPF object, its skeleton, the C shim that embeds it, and what reads files."""

import subprocess

from setuptools import setup
from setuptools.command.build_ext import build_ext


class BuildExt(build_ext):
    def run(self) -> None:
        subprocess.run(["make", "-s", "-C", "bpf"], check=True)
        super().run()


setup(
    cffi_modules=["bpf/ffi_build.py:ffi", "disk/ffi_build.py:ffi"],
    cmdclass={"build_ext": BuildExt},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
