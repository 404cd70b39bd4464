"""From facts to events, not yet numbered."""
