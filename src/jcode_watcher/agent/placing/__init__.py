"""Whose it is: from host names and paths to course, section, student and assignment."""
