"""The standalone process lifecycle monitor: every exec, exit and OOM kill, as JSON."""
