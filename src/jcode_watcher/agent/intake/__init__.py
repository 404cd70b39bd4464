"""What was captured, on its way to the keeper."""
