"""Parts of the measurement of process tracing."""
