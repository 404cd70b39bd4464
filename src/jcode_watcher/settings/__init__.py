"""A program's settings: one frozen struct, from which TOML, environment, flags and reference page follow."""

from jcode_watcher.settings.flags import add_flags
from jcode_watcher.settings.load import BadSetting, load
from jcode_watcher.settings.reference import reference

__all__ = ["BadSetting", "add_flags", "load", "reference"]
