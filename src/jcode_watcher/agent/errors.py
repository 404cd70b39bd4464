"""What can go wrong in the agent, and who must act.

AgentError
├── StateUnusable    the operator: the state folder cannot be written, is in use, or holds something else
├── SpoolFull        nobody at once: events are dropped and counted until the service takes some
└── CannotKeep       the operator: the disk under the spool fails; the agent ends rather than pretend

Bad settings are `BadSetting` (the settings room), a refusing kernel `CannotTrace` and `CannotWatch` (the
monitors' rooms).
"""


class AgentError(Exception):
    """Something in the agent went wrong."""


class StateUnusable(AgentError):
    """The state folder cannot be used. Who must act: the operator."""

    exit_status = 2


class SpoolFull(AgentError):
    """There is no room for these events. Who must act: nobody at once; they are dropped and counted."""


class CannotKeep(AgentError):
    """Events can no longer be kept. Who must act: the operator, who finds a failing disk in the log."""

    exit_status = 4
