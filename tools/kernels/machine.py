"""A small machine that checks the BPF object on one kernel, and what its console says."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from kernels.architectures import STATIC_LIBRARIES, Architecture
from kernels.sources import Sources, own_suite

BPF = Path(__file__).resolve().parents[2] / "bpf"
CHECK = Path(__file__).with_name("boot_check.c")
BOOT_SECONDS_MAX = 240
RESULT = re.compile(r"^RESULT (ok|fail) (.*)$", re.MULTILINE)
REASONS = (
    re.compile(r"^(.*)\nprocessed \d+ insns", re.MULTILINE),  # the verifier's last word
    re.compile(r"^libbpf: (\w+ '\w+': failed to \w+)", re.MULTILINE),
)


class Verdict(NamedTuple):
    result: str
    """ok or fail."""
    details: str


def initramfs_for(architecture: Architecture, work: Path) -> Path:
    """Link the check with the shim and the object that are shipped, into the only file of the machine."""
    subprocess.run(["make", "-s", "-C", BPF], check=True)
    folder = work / architecture.name
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-static", "-no-pie", "-O2", "-Wall", f"-I{BPF}", f"-I{BPF}/build", "-o", f"{folder}/init"]
    names = ("monitor", "reading", "left", "consume", "pinning")
    sources = [f"{CHECK}", *(f"{BPF}/{name}.c" for name in names)]
    libraries = [*places_of_libraries(architecture, work), "-lbpf", "-lelf", "-lz"]
    subprocess.run([architecture.compiler, *options, *sources, *libraries], check=True)
    archive = folder / "initramfs"
    with archive.open("wb") as file:
        pack = ["cpio", "--create", "--format=newc", "--quiet"]
        subprocess.run(pack, input=b"init\n", stdout=file, cwd=folder, check=True)
    return archive


def places_of_libraries(architecture: Architecture, work: Path) -> list[str]:
    """Fetch the static libraries where they are not this machine's, and tell the compiler where they are."""
    if architecture.own:
        return []
    sources = Sources(work, own_suite(), architecture.name)
    if refusal := sources.prepare():
        raise SystemExit(f"libraries for {architecture.name}: {refusal}")
    usr = sources.unpacked(*STATIC_LIBRARIES) / "usr"
    (library,) = usr.glob("lib/*/libbpf.a")
    return [f"-I{usr}/include", f"-L{library.parent}"]


def boot(architecture: Architecture, kernel: Path, initramfs: Path) -> str:
    """Run it under software emulation until it turns itself off; give its console."""
    machine = ["-accel", "tcg", "-cpu", "max", "-m", "512", "-smp", "2", "-nographic", "-nodefaults"]
    line = f"console={architecture.terminal} panic=-1 quiet"
    start = ["-serial", "stdio", "-no-reboot", "-kernel", f"{kernel}", "-initrd", f"{initramfs}"]
    command = [*architecture.emulator, *machine, *start, "-append", line]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as running:
        try:
            text, _ = running.communicate(timeout=BOOT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            running.kill()
            text, _ = running.communicate()
    return text.decode(errors="replace").replace("\r", "")


def verdict_of(console: str) -> Verdict:
    """Read what the check printed; a kernel that printed nothing fails."""
    told = RESULT.search(console)
    if told is None:
        return Verdict("fail", "said nothing")
    if told[1] == "ok":
        return Verdict("ok", told[2])
    found = (reason.search(console) for reason in REASONS)
    why = next((f" ({match[1].strip()})" for match in found if match), "")
    return Verdict("fail", told[2] + why)
