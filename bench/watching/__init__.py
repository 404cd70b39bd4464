"""Parts of the measurement of file watching."""
