"""JCode Watcher: what a class of browser IDEs saves, builds and runs, seen from outside the containers."""

from importlib.metadata import version

__version__ = version("jcode-watcher")
