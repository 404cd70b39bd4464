"""Debian packages: from this machine's own package sources, or from one more suite of the same mirror."""

import platform
import re
import subprocess
from pathlib import Path

NAME = r"^linux-(?:image|binary)-(\d+\.\d+)\S*-cloud-{}(?:-unsigned)?$"
"""The cloud variant is small and needs no modules here. Since Linux 7 the kernel itself is in `binary`."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Sources:
    """Where packages of one architecture come from."""

    def __init__(self, work: Path, suite: str | None, architecture: str) -> None:
        """Without a suite they are the machine's own; another suite's lists are kept apart from these."""
        self._apart = suite is not None
        self._suite = suite or "own"
        self._architecture = architecture
        self._folder = work / f"{self._suite}-{architecture}"
        self._folder.mkdir(parents=True, exist_ok=True)

    def prepare(self) -> str:
        """Fetch the lists of another suite; say why they cannot be had, or nothing."""
        if not self._apart:
            return ""
        mirror = own_mirror()
        if mirror is None:
            return "this machine's package sources name no Debian mirror"
        for name in ("lists/partial", "cache/archives/partial"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        (self._folder / "sources.list").write_text(f"deb {signed}{mirror} {self._suite} main\n")
        updated = self._apt("apt-get", "update", "-qq", "--error-on=any")
        return (
            "" if updated.returncode == 0 else f"cannot be reached: {updated.stderr.strip().splitlines()[0]}"
        )

    def newest_kernel(self, series: str | None) -> str | None:
        """Name the newest kernel's package of a series, or of all."""
        wanted = re.compile(NAME.format(self._architecture))
        names = self._apt("apt-cache", "pkgnames", "linux-").stdout.split()
        found = [name for name in names if (match := wanted.match(name)) and series in (None, match[1])]
        return max(found, key=age_of, default=None)

    def unpacked(self, *packages: str) -> Path:
        """Fetch packages, unless they are here already, and give the folder they are unpacked in."""
        folder = self._folder / packages[0]
        if not folder.exists():
            coming = self._folder / "coming"
            coming.mkdir(exist_ok=True)
            self._apt("apt-get", "download", "-qq", *packages, cwd=coming).check_returncode()
            for archive in coming.glob("*.deb"):
                subprocess.run(["dpkg-deb", "--extract", archive, coming], check=True)
                archive.unlink()
            coming.rename(folder)
        return folder

    def _apt(self, *command: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        kept_apart = (
            f"APT::Architecture={self._architecture}",
            f"APT::Architectures={self._architecture}",
            f"Dir::State::lists={self._folder}/lists",
            f"Dir::Cache={self._folder}/cache",
            f"Dir::Etc::sourcelist={self._folder}/sources.list",
            "Dir::Etc::sourceparts=-",
            "Dir::State::status=/dev/null",
        )
        options = ["APT::Sandbox::User=root", *(kept_apart if self._apart else ())]
        flags = [word for option in options for word in ("-o", option)]
        return subprocess.run([*command, *flags], cwd=cwd, capture_output=True, text=True, check=False)


def own_mirror() -> str | None:
    """Give the mirror from which the machine has its own Debian, not its security updates."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    mirrors = (line.split(" ", 1)[0] for line in told.splitlines() if line.endswith(" Debian Debian"))
    return next(mirrors, None)


def own_suite() -> str:
    """Give the code name of this machine's Debian."""
    return platform.freedesktop_os_release()["VERSION_CODENAME"]


def age_of(name: str) -> tuple[list[int], bool]:
    """Order by version, and within one the package that has the kernel itself last."""
    return [int(number) for number in re.findall(r"\d+", name)], name.startswith("linux-binary")
