"""What it was for the student: a build, a run, or neither."""
