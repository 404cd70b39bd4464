"""Programs that lie in an assignment: what the student built or brought."""

from jcode_watcher.agent.classifying.classification import Command, Running


def classify(command: Command) -> Running | None:
    """Recognize an executable inside an assignment, whatever its name."""
    return Running(target=command.exe, is_path=True) if command.own(command.exe) else None
