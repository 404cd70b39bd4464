"""What the platform asks of the agent: alive, ready, metrics."""
