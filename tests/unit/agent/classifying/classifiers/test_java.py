import pytest

from jcode_watcher.agent.classifying.classification import Building, Command, Running, Sighting
from jcode_watcher.agent.classifying.classifiers.java import classify

HW = b"/home/coder/project/hw1"


def say(line: str, exe: bytes = b"/usr/lib/jvm/java-17-openjdk-amd64/bin/java") -> Sighting | None:
    argv = tuple(line.encode().split())
    return classify(Command(exe=exe, argv=argv, cwd=HW, own=lambda path: path.startswith(HW)))


JAVAC = b"/usr/lib/jvm/java-17-openjdk-amd64/bin/javac"


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("java Main", b"Main.class"),
        ("java -cp out:lib/x.jar shop.Main 1", b"out/shop/Main.class"),
        ("java -Xmx64m -ea Main", b"Main.class"),
        ("java -jar app.jar -cp x", b"app.jar"),
        ("java Main.java 1 2", b"Main.java"),
        ("java --source 17 Main.java", b"Main.java"),
    ],
)
def test_a_class_a_jar_and_a_source_file_are_runs(line: str, target: bytes) -> None:
    assert say(line) == Running(target=target, is_path=True, interpreter="java", version="17")


def test_sources_become_classes_beside_them() -> None:
    said = say("javac -Xlint:all --release 11 Main.java lib/Stack.java", JAVAC)

    assert isinstance(said, Building)
    assert (said.family, said.language, said.version, said.standard) == ("javac", "java", "17", "11")
    assert (said.sources, said.warnings) == ((b"Main.java", b"lib/Stack.java"), (b"-Xlint:all",))
    assert said.outputs == (b"Main.class", b"lib/Stack.class")
    assert said.is_apart


def test_where_a_package_decides_no_output_is_guessed() -> None:
    said = say("javac -d out Main.java", JAVAC)

    assert isinstance(said, Building)
    assert said.outputs == ()


@pytest.mark.parametrize("line", ["java -version", "java", "java -jar /usr/share/java/tool.jar"])
def test_questions_and_tools_are_no_runs(line: str) -> None:
    assert say(line) is None


def test_javac_without_sources_builds_nothing() -> None:
    assert say("javac -version", JAVAC) is None
