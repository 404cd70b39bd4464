"""Who may do what: tokens, browser sessions, and a brake on guessing."""

from jcode_watcher.analytics.access.access import Access
from jcode_watcher.analytics.access.tokens import Grant, Role

__all__ = ["Access", "Grant", "Role"]
