"""Where events and contents are kept: one embedded engine, one writer, several readers."""

from jcode_watcher.analytics.store.rows import EventRow, NewEvent
from jcode_watcher.analytics.store.store import Store

__all__ = ["EventRow", "NewEvent", "Store"]
