"""Which program wrote a file."""
