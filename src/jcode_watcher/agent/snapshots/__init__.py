"""A second copy of every version, in the layout of the system before this one, for tools that read it."""
