from jcode_watcher.serving import Door


def test_who_waits_longest_makes_room_and_who_asks_is_left_in_peace() -> None:
    cut: list[str] = []
    door = Door(2)
    assert door.enter("a", lambda: cut.append("a"))
    assert door.enter("b", lambda: cut.append("b"))
    door.asks("a")
    assert door.enter("c", lambda: cut.append("c"))
    assert cut == ["b"]
    door.asks("c")
    assert not door.enter("d", lambda: cut.append("d"))
    assert (door.refused["pushed_out"], door.refused["busy"], len(door)) == (1, 1, 2)
    door.waits("c")
    door.waits("a")
    assert door.enter("d", lambda: cut.append("d"))
    assert cut == ["b", "c"]
    door.leave("a")
    door.leave("d")
    door.leave("b")
    assert len(door) == 0
