"""What the probes answer."""

from jcode_watcher.serving import Health


def test_all_is_well() -> None:
    health = Health({"loop": lambda: None}, {"backend": lambda: None})
    assert health.alive() == (200, {"loop": "ok"})
    assert health.ready() == (200, {"loop": "ok", "backend": "ok"})


def test_what_is_not_ready_is_still_alive() -> None:
    health = Health({"loop": lambda: None}, {"backend": lambda: "away since 10:00"})
    assert health.alive()[0] == 200
    assert health.ready() == (503, {"loop": "ok", "backend": "away since 10:00"})


def test_what_is_not_alive_is_not_ready() -> None:
    health = Health({"loop": lambda: "stuck"}, {})
    assert (health.alive()[0], health.ready()[0]) == (503, 503)
