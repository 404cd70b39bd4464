"""Every way in which programs save a file is one version, complete and with its content."""

import ctypes
import mmap
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
SAVES_APART_SECONDS = 0.02


def bash(watched: "Watched", script: str) -> int:
    """Run a script in the root, and give the pid of its shell."""
    with subprocess.Popen(["bash", "-ec", script], cwd=watched.root) as shell:
        assert shell.wait() == 0
        return shell.pid


@contextmanager
def held_open(path: Path) -> Iterator[int]:
    fd = os.open(path, os.O_RDWR)
    try:
        yield fd
    finally:
        os.close(fd)


def test_a_shell_redirect_is_one_version_with_its_writer_and_content(watched: "Watched") -> None:
    watched.start()
    pid = bash(watched, "echo 'int x;' > main.c")
    watched.settle()
    (saved,) = (f for f in watched.facts if isinstance(f, Saved) and f.path == b"main.c")
    assert (saved.how, saved.content, saved.size, saved.pid) == ("closed", b"int x;\n", 7, pid)
    assert saved.previous_sha256 is None
    assert saved.omitted is None


def test_the_version_before_is_named_and_equal_content_is_not_sent_again(watched: "Watched") -> None:
    watched.start()
    for content in (b"one", b"two", b"two"):
        (watched.root / "main.c").write_bytes(content)
        watched.settle()
    first, second, third = (f for f in watched.facts if isinstance(f, Saved) and f.path == b"main.c")
    assert second.previous_sha256 == first.sha256
    assert (third.content, third.omitted, third.sha256) == (None, "unchanged", second.sha256)


def test_sed_in_place_and_write_then_rename_are_saves_of_the_wanted_name(watched: "Watched") -> None:
    watched.start()
    bash(
        watched,
        "echo x=0 > main.c; sleep .1; sed -i s/0/1/ main.c; sleep .1; echo x=2 > .tmp; mv .tmp main.c",
    )
    watched.settle()
    assert watched.told() == [
        "closed main.c b'x=0\\n'",
        "renamed_over main.c b'x=1\\n'",
        "renamed_over main.c b'x=2\\n'",
    ]


def test_an_editor_that_keeps_a_backup_saves_and_deletes_nothing(watched: "Watched") -> None:
    watched.start()
    bash(watched, "echo 1 > main.c; sleep .1; mv main.c main.c~; echo 2 > main.c; rm main.c~")
    watched.settle()
    assert watched.told() == ["closed main.c b'1\\n'", "closed main.c b'2\\n'"]
    first, second = (f for f in watched.facts if isinstance(f, Saved) and f.path == b"main.c")
    assert second.previous_sha256 == first.sha256


def test_a_name_that_is_given_up_for_a_backup_and_not_taken_again_is_a_deletion(watched: "Watched") -> None:
    watched.start()
    bash(watched, "echo 1 > main.c; sleep .1; mv main.c main.c~")
    watched.settle()
    assert watched.told() == ["closed main.c b'1\\n'", "moved_out main.c"]


def test_saves_twenty_milliseconds_apart_are_all_versions(new_watched: "Callable[[], Watched]") -> None:
    contents = [b"int v = %d;\n" % i for i in range(40)]
    for _ in range(3):  # the machine itself may stall for longer than that
        watched = new_watched()
        watched.start()
        for content in contents:
            (watched.root / "main.c").write_bytes(content)
            time.sleep(SAVES_APART_SECONDS)
        watched.settle()
        kept = [f.content for f in watched.facts if isinstance(f, Saved) and f.path == b"main.c"]
        if kept == contents:
            return
    pytest.fail(f"{len(contents) - len(kept)} of {len(contents)} versions lost")


def test_a_file_that_is_written_slowly_is_told_when_it_is_closed(watched: "Watched") -> None:
    watched.start()
    bash(watched, "for i in 1 2 3 4 5 6; do echo line $i; sleep .05; done > main.c")
    watched.settle()
    assert watched.told() == ["closed main.c b'line 1\\nline 2\\nline 3\\nline 4\\nline 5\\nline '"]


def test_a_file_that_is_held_open_is_told_after_a_second_of_quiet_and_only_once(watched: "Watched") -> None:
    (watched.root / "main.c").write_bytes(b"old")
    watched.start()
    with held_open(watched.root / "main.c") as fd:
        os.write(fd, b"new and more")
        assert watched.saved("main.c", b"new and more").how == "held_open"
    watched.settle()
    assert watched.told() == ["rescan main.c b'old'", "held_open main.c b'new and more'"]


def test_a_file_that_was_opened_and_closed_untouched_is_no_news(watched: "Watched") -> None:
    watched.start()
    bash(watched, "echo 1 > main.c; sleep .1; exec 3>>main.c; exec 3>&-")
    watched.settle()
    assert watched.told() == ["closed main.c b'1\\n'"]


def test_writes_through_a_mapping_are_told_when_it_ends(watched: "Watched") -> None:
    (watched.root / "main.c").write_bytes(b"A" * 8192)
    watched.start()
    with held_open(watched.root / "main.c") as fd:
        mapping = mmap.mmap(fd, 8192)
    mapping[0:5] = b"int x"
    mapping.close()
    watched.saved("main.c", b"int x" + b"A" * 8187)


def test_an_empty_new_file_is_a_version(watched: "Watched") -> None:
    watched.start()
    bash(watched, "> empty.c")
    watched.settle()
    assert watched.told() == ["closed empty.c b''"]


def test_a_hard_link_is_told_and_a_save_through_one_name_is_told_of_all(watched: "Watched") -> None:
    watched.start()
    bash(watched, "echo 1 > a.c; ln a.c b.c; sleep .5; echo 2 > a.c")
    watched.settle()
    # What is told of one path is in order; of the two, the link may be told first.
    told = watched.told()
    assert [fact for fact in told if " a.c " in fact] == ["closed a.c b'1\\n'", "closed a.c b'2\\n'"]
    assert [fact for fact in told if " b.c " in fact] == ["linked b.c b'1\\n'", "closed b.c b'2\\n'"]


def test_a_save_through_an_unwanted_name_is_told_of_the_wanted_one(watched: "Watched") -> None:
    watched.start()
    bash(watched, "echo 1 > a.c; ln a.c notes.txt; sleep .3; echo 2 > notes.txt")
    watched.settle()
    assert watched.told() == ["closed a.c b'1\\n'", "closed a.c b'2\\n'"]


def test_a_file_that_gets_its_name_when_it_is_complete_is_told(watched: "Watched") -> None:
    watched.start()
    fd = os.open(watched.root, os.O_TMPFILE | os.O_WRONLY)
    os.write(fd, b"whole")
    libc = ctypes.CDLL(None, use_errno=True)
    source, target = f"/proc/self/fd/{fd}".encode(), bytes(watched.root / "main.c")
    assert libc.linkat(-100, source, -100, target, 0x400) == 0, os.strerror(ctypes.get_errno())
    os.close(fd)
    watched.saved("main.c", b"whole")
    watched.settle()
    assert len(watched.told()) == 1


def test_a_file_over_the_limit_is_told_without_content(watched: "Watched") -> None:
    watched.start(content_bytes_max=10)
    (watched.root / "big.c").write_bytes(b"x" * 11)
    (watched.root / "small.c").write_bytes(b"x" * 10)
    watched.settle()
    big, small = (f for f in watched.facts if isinstance(f, Saved) and b"settled" not in f.path)
    assert (big.size, big.sha256, big.content, big.omitted) == (11, None, None, "too_large")
    assert small.content == b"x" * 10


def test_a_file_that_is_deleted_at_once_is_told_and_told_gone(watched: "Watched") -> None:
    watched.start()
    for i in range(50):
        (watched.root / f"t{i}.c").write_bytes(b"x")
        (watched.root / f"t{i}.c").unlink()
    watched.settle()
    for i in range(50):
        mine = [told for told in watched.told() if f" t{i}.c" in told]
        assert mine[0] in (f"closed t{i}.c gone", f"closed t{i}.c b'x'")
        assert mine[1:] == [f"deleted t{i}.c"]


def test_what_is_deleted_with_its_folder_at_once_is_told_and_told_gone(watched: "Watched") -> None:
    watched.start()
    for n in range(50):
        folder = watched.root / f"d{n}"
        folder.mkdir()
        (folder / "a.c").write_bytes(b"x")
        (folder / "a.c").unlink()
        folder.rmdir()
    watched.settle()
    assert watched.told().count("deleted d7/a.c") == 1
    assert sum(told.startswith("deleted") for told in watched.told()) == 50
    assert watched.monitor is not None
    assert watched.monitor.counters().folders == 1


def test_deleting_and_saving_again_are_both_told_however_close(watched: "Watched") -> None:
    watched.start()
    (watched.root / "main.c").write_bytes(b"0")
    for i in range(30):
        (watched.root / "main.c").unlink()
        (watched.root / "main.c").write_bytes(b"again %d" % i)
    watched.settle()
    assert watched.told().count("deleted main.c") == 30
    assert watched.kept() == watched.on_disk()


def test_what_is_written_to_a_deleted_file_brings_it_not_back(watched: "Watched") -> None:
    (watched.root / "main.c").write_bytes(b"1")
    watched.start()
    with held_open(watched.root / "main.c") as fd:
        (watched.root / "main.c").unlink()
        watched.settle()
        os.write(fd, b"2")
    watched.settle()
    assert watched.told() == ["rescan main.c b'1'", "deleted main.c"]


def test_an_unpacked_archive_and_a_copied_tree_are_told_whole(watched: "Watched") -> None:
    watched.start()
    shutil.copytree(Path(os.__file__).parent / "json", watched.root / "a" / "json")
    shutil.make_archive(str(watched.outside / "a"), "zip", watched.root / "a")
    shutil.unpack_archive(watched.outside / "a.zip", watched.root / "deep" / "er" / "b")
    watched.settle()
    assert watched.kept() == watched.on_disk()
    assert len(watched.kept()) >= 8


def test_everything_holds_on_tmpfs_too(tmpfs: Path, watched: "Watched") -> None:
    watched.root = tmpfs
    watched.start()
    bash(
        watched,
        "mkdir -p a/b; echo 1 > a/b/x.c; sleep .1; mv a/b a/c; echo 2 > a/c/y.c; sleep .1; rm a/c/x.c",
    )
    watched.settle()
    assert watched.told() == [
        "closed a/b/x.c b'1\\n'",
        "moved a/b/x.c a/c/x.c",
        "closed a/c/y.c b'2\\n'",
        "deleted a/c/x.c",
    ]


def test_a_checkout_of_another_branch_is_told_whole(watched: "Watched") -> None:
    if shutil.which("git") is None:
        pytest.skip("not installed: git")
    watched.start()
    bash(
        watched,
        """
        git init -q . && git config user.email a@b && git config user.name n
        mkdir -p src/a; for i in 1 2 3 4 5 6 7 8; do echo one > src/a/$i.c; echo kept > src/$i.h; done
        git add -A; git commit -qm one; git checkout -q -b two
        for i in 1 2 3 4; do echo two > src/a/$i.c; git rm -q src/$i.h; done
        for i in 1 2 3 4; do mkdir -p src/n/$i; echo n > src/n/$i/x.py; done
        git add -A; git commit -qm two; git checkout -q -
        git checkout -q two; echo more > src/a/1.c; git stash -q; git checkout -q -
        """,
    )
    watched.settle()
    assert watched.kept() == watched.on_disk()
    assert len(watched.kept()) == 16
