"""What this machine allows: probes ask it, checks say what the answers mean, one line each.

Adding a check is one file in `checks/` and one line in `checks/__init__.py`; if it needs a new fact, one
field of `machine.Machine` and the probe that fills it.
"""
