"""Finds what a program was given among its options. Pure."""

from collections.abc import Collection, Sequence
from itertools import pairwise


def operands(arguments: Sequence[bytes], takes_value: Collection[bytes]) -> Sequence[bytes]:
    """Give the arguments from the first on that is neither an option nor the value of one."""
    skip = False
    for place, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument == b"--":
            return arguments[place + 1 :]
        elif not argument.startswith(b"-") or argument == b"-":
            return arguments[place:]
        else:
            skip = argument in takes_value
    return ()


def value_of(arguments: Sequence[bytes], names: Collection[bytes]) -> bytes | None:
    """Give the value of an option that stands apart from it, None where it was not given."""
    values = (value for name, value in pairwise(arguments) if name in names)
    return next(values, None)
