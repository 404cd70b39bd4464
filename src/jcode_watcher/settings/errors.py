"""How a setting is refused."""


class BadSetting(Exception):
    """A setting was refused. Who must act: the operator."""

    exit_status = 2
