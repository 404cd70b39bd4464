"""A program's settings: one frozen struct, from which TOML, environment, flags and reference page follow."""

from jcode_watcher.settings.errors import BadSetting
from jcode_watcher.settings.files import CannotRead, read_file, why_refused
from jcode_watcher.settings.flags import CommandLine, add_flags, flags_of
from jcode_watcher.settings.given import Given, as_given, gathered
from jcode_watcher.settings.load import checked, load
from jcode_watcher.settings.reference import reference
from jcode_watcher.settings.written import as_text, one_line

__all__ = [
    "BadSetting",
    "CannotRead",
    "CommandLine",
    "Given",
    "add_flags",
    "as_given",
    "as_text",
    "checked",
    "flags_of",
    "gathered",
    "load",
    "one_line",
    "read_file",
    "reference",
    "why_refused",
]
