"""What the agent's settings accept of courses, and how they refuse."""

from pathlib import Path

import pytest

from jcode_watcher.agent.settings import AgentSettings, CourseSettings
from jcode_watcher.settings import BadSetting, load

REQUIRED = {"server": "http://service", "token_file": "token", "state": "state"}


def settings_in(folder: Path, text: str) -> AgentSettings:
    file = folder / "agent.toml"
    file.write_text(text)
    return load(AgentSettings, {**REQUIRED, "config": str(file)}, {})


def test_a_course_says_only_what_differs(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        """
        content_bytes_max = 100
        assignment = ["hw<n>", "lab<n>"]

        [courses.os]
        source_kind = ["c", "makefile"]
        content_bytes_max = 200

        [courses.db]
        """,
    )
    assert settings.assignment == ("hw<n>", "lab<n>")
    assert settings.courses == {
        "os": CourseSettings(source_kind=("c", "makefile"), content_bytes_max=200),
        "db": CourseSettings(),
    }


def test_what_holds_for_all_courses_has_flags_and_variables_too() -> None:
    settings = load(
        AgentSettings,
        {**REQUIRED, "source_kind": ["c", "text"]},
        {"JCODE_WATCHER_ASSIGNMENT": "hw<n>,exam", "JCODE_WATCHER_SOURCE_KIND": "go"},
    )
    assert (settings.source_kind, settings.assignment) == (("c", "text"), ("hw<n>", "exam"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[courses.os]\ncontent_bytes_max = 9999999",
            "content_bytes_max 9999999: give a whole number, 0 to 4",
        ),
        ("[courses.os]\ncontent_bytes_max = -1", "content_bytes_max -1: give a whole number, 0 to 4194304"),
        ("[courses.os]\nsource_suffix = ['.c', 'sql']", 'source_suffix "sql": give the suffix as a dot'),
        ("[courses.os]\nsource_suffix = ['.tar.gz']", 'source_suffix ".tar.gz": give the suffix as a dot'),
        (
            "[courses.os]\nsource_suffix = '.c'",
            'source_suffix ".c": give a list of 0 to 64 values, such as ',
        ),
        ("[courses.os]\nsource_kind = ['c', 'cobol']", 'source_kind "cobol": give one of c, cmake, go, '),
        ("[courses.os]\nsource_name = ['a/b']", 'source_name "a/b": give the name of a file'),
        (
            "[courses.os]\nassignment = []",
            "assignment []: give a list of 1 to 64 values, such as ",
        ),
        ("[courses.os]\nassignment = ['hw<n>x<n>']", 'assignment "hw<n>x<n>": give the name of a folder'),
        ("[courses.os]\nassignment = ['hw[0-9]', '.hw']", 'assignment ".hw": give the name of a folder'),
        ("[courses.os]\nassignment = ['hw1\\n/']", 'assignment "hw1\\\\n/": give the name of a folder'),
        ("[courses.os]\nignored_folder = ['a/b']", 'ignored_folder "a/b": give the name of a folder'),
        (
            "[courses.os]\ncontent_bytes_max = '1'",
            'content_bytes_max "1": give a whole number, 0 to 4194304, without quotes',
        ),
        ("[courses.os]\ncontent_bytes_max = 1.0", "content_bytes_max 1.0: give a whole number"),
        ("[courses.os]\nassignment = ['a', 'b', 'a']", 'assignment "a": given twice'),
        ("[courses.os]\nsufixes = []", "no setting sufixes; known are source_kind, "),
    ],
)
def test_a_refusal_names_the_course_the_value_and_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        settings_in(tmp_path, text)
    line = str(refused.value)
    assert line.startswith(f"--config {tmp_path}/agent.toml: [courses.os]")
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[courses.'o-s']", "[courses.o-s]: give the name of a course, letters and digits alone"),
        ('[courses."o\\ns"]', "[courses.'o\\ns']: give the name of a course, letters and digits alone"),
        (f"[courses.{'x' * 65}]", "give the name of a course"),
        (
            "[courses.os]\n[courses.os]",
            "line 2 [courses.os]: given twice; give each key and each table once",
        ),
        ("courses = 3", "courses 3: give tables, [courses.NAME]"),
        ("courses = {os = 3}", "[courses.os] 3: give a table"),
        ("assignment = ['a/b']", 'agent.toml: assignment "a/b": give the name of a folder'),
        ("\n".join(f"[courses.c{n}]" for n in range(257)), "courses: 257 tables; give at most 256"),
        (f"source_suffix = {['.c'] * 65}", "give a list of 0 to 64 values"),
    ],
)
def test_a_table_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSetting) as refused:
        settings_in(tmp_path, text)
    line = str(refused.value)
    assert said in line.replace("\\\\n", "\\n")
    assert "\n" not in line
    assert len(line) < 500


@pytest.mark.parametrize(
    "label", ["", " ", "a b", "-1", "x\ny", "a/b/c", "/a", "a/", "x" * 64, "y" * 300 + "/app"]
)
def test_what_no_pod_can_have_as_a_label_is_refused(label: str) -> None:
    with pytest.raises(BadSetting, match=r"^--pod-label .*: give the name of a label, such as app or "):
        load(AgentSettings, {**REQUIRED, "pod_label": [label]}, {})


def test_a_label_may_have_a_prefix() -> None:
    labels = ["app", "app.kubernetes.io/name", "a_b"]
    assert load(AgentSettings, {**REQUIRED, "pod_label": labels}, {}).pod_label == tuple(labels)
