from jcode_watcher.analytics.access.attempts import ADDRESSES_MAX, WINDOW_SECONDS, Attempts


def test_an_address_waits_after_its_failures_and_only_it() -> None:
    attempts = Attempts(failures_max=2)
    attempts.failed("a", now=100)
    assert attempts.wait_seconds("a", now=100) == 0
    attempts.failed("a", now=110)
    assert attempts.wait_seconds("a", now=110) == WINDOW_SECONDS - 10 + 1
    assert attempts.wait_seconds("b", now=110) == 0
    assert attempts.wait_seconds("a", now=100 + WINDOW_SECONDS) == 0


def test_a_new_minute_begins_anew() -> None:
    attempts = Attempts(failures_max=2)
    attempts.failed("a", now=0)
    attempts.failed("a", now=WINDOW_SECONDS)
    assert attempts.wait_seconds("a", now=WINDOW_SECONDS) == 0


def test_success_forgets_failures() -> None:
    attempts = Attempts(failures_max=1)
    attempts.failed("a", now=0)
    attempts.succeeded("a")
    assert attempts.wait_seconds("a", now=0) == 0


def test_no_more_addresses_are_remembered_than_the_limit() -> None:
    attempts = Attempts(failures_max=1)
    for number in range(ADDRESSES_MAX + 1):
        attempts.failed(str(number), now=0)
    assert attempts.wait_seconds("0", now=0) == 0
    assert attempts.wait_seconds("1", now=0) > 0
