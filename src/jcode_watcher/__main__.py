"""The command line: the only place that reads the environment."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple, cast

import msgspec

from jcode_watcher import __version__
from jcode_watcher.settings import (
    CommandLine,
    Given,
    add_flags,
    as_given,
    checked,
    flags_of,
    gathered,
    one_line,
)


class Program(NamedTuple):
    """One subcommand: where its settings struct and its `run(settings) -> int` are."""

    settings: str
    run: str
    help: str


PROGRAMS = {
    "demo": Program(
        "jcode_watcher.demo.settings:DemoSettings",
        "jcode_watcher.demo.program:run",
        "the whole system on this machine, with a simulated class",
    ),
    "lifecycle": Program(
        "jcode_watcher.lifecycle.settings:LifecycleSettings",
        "jcode_watcher.lifecycle.program:run",
        "every process of this host as JSON lines and on a WebSocket",
    ),
    "agent": Program(
        "jcode_watcher.agent.settings:AgentSettings",
        "jcode_watcher.agent.program:run",
        "the node agent",
    ),
    "serve": Program(
        "jcode_watcher.analytics.settings:ServiceSettings",
        "jcode_watcher.analytics.service:run",
        "the analytics service and its dashboard",
    ),
    "token": Program(
        "jcode_watcher.analytics.access.command:TokenSettings",
        "jcode_watcher.analytics.access.command:run",
        "make, list and revoke the tokens of the service's agents",
    ),
    "doctor": Program(
        "jcode_watcher.doctor.settings:DoctorSettings",
        "jcode_watcher.doctor.program:run",
        "what this machine allows, and what each missing thing costs",
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one program; give its exit status: 0, 2 for bad configuration, 3 for what the kernel refuses."""
    arguments = sys.argv[1:] if argv is None else argv
    chosen = next((name for name in arguments if name in PROGRAMS), None)
    given: dict[str, Given] = {}
    try:
        struct = settings_of(PROGRAMS[chosen]) if chosen else None
        flags = command_line(chosen, struct).parsed(arguments, flags_of(struct) if struct else ())
        program = PROGRAMS[flags.pop("program")]
        given = gathered(settings_of(program), flags, os.environ)
        status: int = named(program.run)(checked(settings_of(program), given))
    except Exception as error:  # the outermost loop: a refusal is one line, the rest is raised
        refused: int | None = getattr(error, "exit_status", None)
        if refused is None:
            raise
        print(f"jcode-watcher: {one_line(as_given(str(error), given))}", file=sys.stderr)
        return refused
    return status


def command_line(chosen: str | None, struct: type[msgspec.Struct] | None) -> CommandLine:
    """Build the parser; only the chosen program's flags, as making them imports its settings."""
    parser = CommandLine(prog="jcode-watcher", description="JCode Watcher")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="program", required=True, metavar="PROGRAM")
    for name, program in PROGRAMS.items():
        command = commands.add_parser(name, help=program.help, description=program.help)
        if struct and name == chosen:
            add_flags(command, struct)
    return parser


def settings_of(program: Program) -> type[msgspec.Struct]:
    """Import a program's settings struct."""
    return cast("type[msgspec.Struct]", named(program.settings))


def named(place: str) -> Callable[..., Any]:
    """Import `module:name`."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


if __name__ == "__main__":
    sys.exit(main())
