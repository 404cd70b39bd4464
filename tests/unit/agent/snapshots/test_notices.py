"""What goes wrong again and again stays visible, and fills no log."""

from jcode_watcher.agent.snapshots.notices import SAY_SECONDS, Notice, Notices


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_the_first_of_a_reason_is_said_at_once_and_the_others_once_a_minute_with_their_number() -> None:
    clock = Clock()
    notices = Notices(clock)
    notices.note("too_many", "a.c")
    assert notices.to_say() == [Notice("too_many", "a.c", 1)]
    for name in ("b.c", "c.c", "d.c"):
        notices.note("too_many", name)
        assert notices.to_say() == []
    notices.note("refused", "e.c")
    assert notices.to_say() == [Notice("refused", "e.c", 1)]

    clock.seconds += SAY_SECONDS
    assert notices.to_say() == [Notice("too_many", "d.c", 3)]
    assert notices.to_say() == []
    clock.seconds += SAY_SECONDS
    assert notices.to_say() == []


def test_what_is_over_is_said_no_more() -> None:
    clock = Clock()
    notices = Notices(clock)
    notices.note("absent", "1")
    notices.to_say()
    notices.note("absent", "2")
    notices.forget()
    clock.seconds += SAY_SECONDS

    assert notices.to_say() == []
