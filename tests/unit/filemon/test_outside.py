from jcode_watcher.filemon.outside import Outside


def test_what_was_found_outside_is_remembered_until_it_may_have_come_in() -> None:
    outside = Outside()
    outside.add(b"1")
    assert b"1" in outside
    outside.clear()
    assert b"1" not in outside


def test_no_more_is_remembered_than_the_limit_allows() -> None:
    outside = Outside(limit=3)
    for i in range(10):
        outside.add(b"%d" % i)
        assert b"%d" % i in outside
        assert len(outside) <= 3
