"""From a request's bytes to a receipt: read, check, commit in groups, answer."""
