"""What was heard, told and dropped, by stage and reason."""

import msgspec


class Tally(msgspec.Struct):
    """Counts since the start; each field is written by one thread only."""

    heard: int = 0
    """Changes decoded, on the whole file system."""
    outside: int = 0
    """Of these, dropped: outside the root or below a pruned folder."""
    unwanted: int = 0
    """Of these, dropped: a file that is no wanted source file."""
    vanished: int = 0
    """Of these, dropped: their folder was gone, so that nobody can say where they happened."""
    saved: int = 0
    """Facts told, by kind: versions, ..."""
    deleted: int = 0
    moved: int = 0
    missed: int = 0
    unchanged: int = 0
    """Of the versions, told without content, by reason: equal to the one before, ..."""
    too_large: int = 0
    linked_outside: int = 0
    gone: int = 0
    unreadable: int = 0
    repeated: int = 0
    """Looks at a file that found just what had been told."""
    changing: int = 0
    """Readings thrown away, as the file changed meanwhile; it is read again."""
    uncounted: int = 0
    """Looks put off, as the names of a file could not be counted yet."""
    elsewhere: int = 0
    """Readings thrown away, as the file was not at its path any more."""
    read_early: int = 0
    """Saves that were read before their turn, as others made them wait."""
    flooded: int = 0
    """Changes dropped, as their workspace brought more than others can wait for; it is compared later."""
    floods: int = 0
    """Times that a workspace did."""
    passed_over: int = 0
    """Saves of files that were saved too often just then; the last state of each is told."""
    content_bytes: int = 0
    """Told with the versions."""
    unanswered: int = 0
    """Times that the file system as a whole did not answer, as NFS without its server."""
    told_again: int = 0
    """Files looked at again, as what was told of them could not be kept."""
    overflows: int = 0
    scans: int = 0
    """Comparisons with the disk: at the start, after each overflow, those that are due; of each flooded
    workspace."""


class Counters(Tally, frozen=True, kw_only=True):  # type: ignore[misc]  # msgspec allows it
    """The counts at one moment, and what was held at that moment."""

    foreign: int = 0
    """Changes heard of on other file systems, and dropped."""
    delivered: int = 0
    """Facts handed over."""
    folders: int = 0
    files: int = 0
    """Wanted files that are known."""
    waiting: int = 0
    """Files that will be looked at after a time of quiet."""
    heard_bytes_queued: int = 0
    """Read from the kernel, not followed yet."""
    flooding: int = 0
    """Workspaces that are passed over."""
    scanning: int = 0
    """1 while a comparison with the disk is under way."""
