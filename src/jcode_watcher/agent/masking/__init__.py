"""Takes secrets out of what leaves the node, before the spool."""
