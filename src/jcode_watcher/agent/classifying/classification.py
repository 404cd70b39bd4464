"""What a classifier is given and what it says. Pure; paths are still the bytes that the program was given."""

from collections.abc import Callable

import msgspec

from jcode_watcher.agent.placing.places import absolute


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A program as it was started."""

    exe: bytes
    argv: tuple[bytes, ...]
    cwd: bytes
    own: Callable[[bytes], bool]
    """Tells whether an absolute path is a student's own file in an assignment."""

    @property
    def exe_name(self) -> bytes:
        """Name of the executable without its folder."""
        return self.exe.rpartition(b"/")[2]

    @property
    def called(self) -> bytes:
        """Name under which it was called, without folder."""
        return self.argv[0].rpartition(b"/")[2] if self.argv else b""

    def path(self, given: bytes) -> bytes:
        """Give the absolute path of a file named in the arguments."""
        return absolute(given, self.cwd)


class Building(msgspec.Struct, frozen=True, kw_only=True):
    """A compiler driver at work."""

    family: str
    language: str
    version: str | None
    sources: tuple[bytes, ...]
    """As given; `-` is standard input."""
    objects: tuple[bytes, ...]
    """Inputs that were compiled before, as given."""
    outputs: tuple[bytes, ...]
    """As given, or as the driver names them where nothing was given."""
    options: tuple[bytes, ...]
    links: bool
    libraries: tuple[bytes, ...] = ()
    """Files that may be meant by libraries that were only named."""
    standard: str | None = None
    warnings: tuple[bytes, ...] = ()
    response_files: tuple[bytes, ...] = ()
    """Files with further arguments, which are not read."""

    @property
    def has_one_output(self) -> bool:
        """Whether there is one output, or a program or library before what else it leaves."""
        return len(self.outputs) == 1 or (self.links and bool(self.outputs))

    @property
    def is_apart(self) -> bool:
        """Whether each source became an output of its own, in the same order."""
        return not self.links and len(self.sources) == len(self.outputs)


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A student's program or script at work."""

    target: bytes
    """The program or script as given; `-c`, `-m NAME` or `-` where there is none."""
    is_path: bool
    interpreter: str | None = None
    version: str | None = None


class Gathering(msgspec.Struct, frozen=True, kw_only=True):
    """An archiver at work: no activity, but what is linked with its output is built from its inputs."""

    inputs: tuple[bytes, ...]
    output: bytes


class Displacing(msgspec.Struct, frozen=True, kw_only=True):
    """A program at work after which these paths no longer hold what a build wrote there."""

    paths: tuple[bytes, ...]


Sighting = Building | Running | Gathering | Displacing
Classifier = Callable[[Command], Sighting | None]
"""Says what a program was for the student; None where it is not of its kind."""
