"""Why the lifecycle monitor stops, beside what the rooms below it say.

LifecycleError
└── CannotPrint         the operator: stdout cannot be written (full disk, ...)

From below: serving.CannotListen (exit status 2), procmon.CannotTrace (exit status 3).
"""


class LifecycleError(Exception):
    """The monitor cannot go on."""

    exit_status = 1


class CannotPrint(LifecycleError):
    """stdout can be written no longer. Who must act: the operator."""
