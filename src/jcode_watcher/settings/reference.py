"""The reference page of a program's settings."""

import msgspec

from jcode_watcher.settings.fields import Field, fields_of, shown


def reference(title: str, struct: type[msgspec.Struct]) -> str:
    """Give one Markdown section: a row a setting."""
    rows = [
        f"| {names_of(f)} | {shown(f.default)}{' ' + f.unit if f.unit else ''} | {f.help} |"
        for f in fields_of(struct)
    ]
    # What stands in angle brackets is no HTML.
    rows = [row.replace("<", "&lt;") for row in rows]
    head = ["| flag | environment | default | what it does |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", "", *head, *rows, ""])


def names_of(field: Field) -> str:
    """Give how a setting is called on the command line and in the environment; a table only in the file."""
    if field.table:
        return f"`[{field.name}.NAME]` of the file |"
    return f"{', '.join(f'`{flag}`' for flag in field.flags)} | `{field.variable}`"
