"""The reference page of a program's settings."""

import msgspec

from jcode_watcher.settings.fields import fields_of, shown


def reference(title: str, struct: type[msgspec.Struct]) -> str:
    """Give one Markdown section: a row a setting."""
    rows = [
        f"| `{f.flag}` | `{f.variable}` | {shown(f.default)}{' ' + f.unit if f.unit else ''} | {f.help} |"
        for f in fields_of(struct)
    ]
    head = ["| flag | environment | default | what it does |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", "", *head, *rows, ""])
