"""Newly stored events to whoever watches: one publisher, a bounded queue a socket."""
