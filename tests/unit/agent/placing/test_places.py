import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.agent.conftest import courses as rules

from jcode_watcher.agent.placing.places import Host, Places, Spot, Workspace, absolute, host_of, workspace_of

ME = Workspace("os", "1", "202012180")

courses = st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True)
sections = st.from_regex(r"[A-Za-z0-9_.]{1,6}", fullmatch=True)
students = st.from_regex(r"[0-9]{1,20}", fullmatch=True)
workspaces = st.builds(Workspace, courses, sections, students)
suffixes = st.from_regex(r"(-[a-z0-9]{1,10}-[a-z0-9]{5})?", fullmatch=True)


@given(st.from_regex(r"[a-z0-9-]{0,20}", fullmatch=True), workspaces, suffixes)
def test_any_student_is_read_behind_any_prefix(prefix: str, workspace: Workspace, suffix: str) -> None:
    hostname = f"{prefix}{workspace.name}{suffix}"

    found = host_of(hostname.encode(), (prefix.encode(),))

    assert found == Host(workspace, hostname if suffix else None)


@pytest.mark.parametrize(
    "hostname",
    [
        "jcode-",
        "jcode-os-1",
        "jcode-os-1-",
        "jcode-os-1-abc",
        "jcode-os-1-2020x",
        "jcode-os-1-2020-68d58d5b57",
        "jcode-os-1-2020-68d58d5b57-bp47r-more",
        "jcode-o_s-1-2020",
        "other-os-1-2020",
        "os-1-2020",
        "",
    ],
)
def test_what_does_not_fit_is_unknown(hostname: str) -> None:
    assert host_of(hostname.encode(), (b"jcode-",)) is None


def test_the_longer_of_two_prefixes_is_tried_first() -> None:
    assert host_of(b"jcode-test-os-1-7", (b"jcode-", b"jcode-test-")) == Host(Workspace("os", "1", "7"), None)


@given(st.binary(max_size=80))
def test_no_hostname_whatever_raises(hostname: bytes) -> None:
    host_of(b"jcode-" + hostname, (b"jcode-",))
    workspace_of(hostname)


@pytest.mark.parametrize(
    ("path", "spot"),
    [
        (b"/srv/ws/os-1-202012180/hw1/src/a.c", Spot(ME, "hw1", b"src/a.c")),
        (b"/srv/ws/os-1-202012180/hw20", Spot(ME, "hw20", b"")),
        (b"/srv/ws/os-1-202012180/notes/a.c", Spot(ME, None, b"")),
        (b"/srv/ws/os-1-202012180", Spot(ME, None, b"")),
        (b"/srv/ws/lost+found/hw1/a.c", None),
        (b"/srv/wsx/os-1-202012180/hw1/a.c", None),
        (b"/home/coder/project/hw0/a.c", Spot(None, "hw0", b"a.c")),
        (b"/home/coder/project/hw/a.c", None),
        (b"/home/coder/project/hw1x/a.c", None),
        (b"/home/coder/projects/hw1/a.c", None),
        (b"/workspace/os-1-202012180/hw3/a.c", Spot(ME, "hw3", b"a.c")),
        (b"/config/workspace/hw4/\xff.c", Spot(None, "hw4", b"\xff.c")),
        (b"/config/workspace/os-1-202012180/hw5/a.c", Spot(ME, "hw5", b"a.c")),
        (b"/usr/bin/gcc", None),
        (b"", None),
    ],
)
def test_a_path_is_placed_on_the_host_and_in_a_container(path: bytes, spot: Spot | None) -> None:
    assert Places([b"/srv/ws"], rules()).spot(path) == spot


@given(workspaces, st.integers(0, 99), st.binary(min_size=1, max_size=40).filter(lambda p: b"\0" not in p))
def test_every_file_of_every_assignment_is_placed(workspace: Workspace, number: int, below: bytes) -> None:
    path = f"/r/{workspace.name}/hw{number}/".encode() + below

    assert Places([b"/r/"], rules()).spot(path) == Spot(workspace, f"hw{number}", below)


@pytest.mark.parametrize(
    ("path", "full"),
    [(b"a.c", b"/w/hw1/a.c"), (b"./a", b"/w/hw1/a"), (b"../hw2/b.c", b"/w/hw2/b.c"), (b"//x/y", b"/x/y")],
)
def test_a_relative_path_is_seen_from_the_folder(path: bytes, full: bytes) -> None:
    assert absolute(path, b"/w/hw1") == full


@pytest.mark.parametrize(
    ("path", "course", "assignment"),
    [
        (b"/srv/ws/db-1-7/lab2/a.sql", None, "lab2"),
        (b"/srv/ws/db-1-7/hw2/a.sql", None, None),
        (b"/srv/ws/os-1-7/lab2/a.c", None, None),
        (b"/home/coder/project/lab2/a.sql", "db", "lab2"),
        (b"/home/coder/project/hw2/a.sql", "db", None),
        (b"/home/coder/project/lab2/a.c", "os", None),
        (b"/home/coder/project/lab2/a.c", None, None),
        (b"/workspace/db-1-7/lab2/a.sql", "os", "lab2"),
    ],
)
def test_an_assignment_is_what_its_course_calls_one(
    path: bytes, course: str | None, assignment: str | None
) -> None:
    places = Places([b"/srv/ws"], rules(courses={"db": {"assignment": ["lab<n>"]}}))

    spot = places.spot(path, course)

    assert (spot.assignment if spot else None) == assignment


def test_what_a_course_ignores_is_nobodys_own() -> None:
    places = Places([b"/srv/ws"], rules(courses={"rs": {"ignored_folder": ["target"]}}))

    assert not places.is_own(b"/srv/ws/rs-1-7/hw1/target/debug/a")
    assert not places.is_own(b"/home/coder/project/hw1/target/debug/a", "rs")
    assert places.is_own(b"/home/coder/project/hw1/target/debug/a", "os")
