"""What the demo refuses.

CannotStart
└── LostStudent
"""


class CannotStart(Exception):
    """The machine, or a program of the demo, does not allow it. Who must act: the operator."""

    exit_status = 3


class LostStudent(CannotStart):
    """A student's shell ended in the middle of the class."""
