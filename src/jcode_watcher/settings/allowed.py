"""What a refusal says is allowed."""

from msgspec import inspect

from jcode_watcher.settings.fields import Field


def allowed(field: Field) -> str:
    """Say what one value of a setting may be, with all its limits."""
    kind, said = field.item or (field.type, field.said)
    match kind:
        case inspect.LiteralType():
            return f"one of {', '.join(field.choices)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"a whole number{span(kind)}"
        case inspect.FloatType():
            return f"a number{span(kind)}"
        case inspect.StrType():
            text = f"text{lengths(kind.min_length, kind.max_length, 'character')}"
            return said.allowed or (f"the {said.help}" if kind.pattern else text)
        case _:
            return "a path"


def allowed_list(field: Field) -> str:
    """Say what all values of a setting together may be, as the file gives them."""
    assert isinstance(field.type, inspect.VarTupleType)  # noqa: S101 - for the type: it holds several
    count = lengths(field.type.min_length, field.type.max_length, "value")
    return f"a list{count}, such as {field.name} = {example(field)}"


def example(field: Field) -> str:
    """Give values that would be accepted, as TOML."""
    values = field.default or field.choices[:2] or [field.said.example or "…"]
    return "[" + ", ".join(f'"{value}"' for value in values[:2]) + "]"


def span(number: inspect.IntType | inspect.FloatType) -> str:
    """Say between which numbers it lies."""
    if number.ge is not None:
        return f", {number.ge} to {number.le}" if number.le is not None else f", {number.ge} or more"
    if number.gt is not None:
        return f" above {number.gt:g}" + (f" and up to {number.le:g}" if number.le is not None else "")
    return ""


def lengths(least: int | None, most: int | None, what: str) -> str:
    """Say how many there may be."""
    if most is not None:
        return f" of {least or 0} to {most} {what}s"
    return f" of at least {least} {what}" if least else ""
