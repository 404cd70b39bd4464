"""The classifiers, asked in this order; the first that knows the program decides."""

from typing import Final

from jcode_watcher.agent.classifying.classification import Classifier, Command, Sighting
from jcode_watcher.agent.classifying.classifiers import (
    archiver,
    binary,
    compiler_driver,
    displacement,
    go,
    java,
    node,
    python,
    rust,
)

CLASSIFIERS: Final[tuple[Classifier, ...]] = (
    binary.classify,  # first: a student's program is a program, whatever its name
    compiler_driver.classify,
    python.classify,
    java.classify,
    node.classify,
    rust.classify,
    go.classify,
    archiver.classify,
    displacement.classify,
)


def classify(command: Command) -> Sighting | None:
    """Say what a program was for the student: a build, a run, or neither (None)."""
    said = (classifier(command) for classifier in CLASSIFIERS)
    return next((sighting for sighting in said if sighting is not None), None)
