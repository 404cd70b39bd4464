"""What a student might try to have read what is not theirs: `attacker.py ROOT OUTSIDE SEED ATTACKS`.

Drops its privileges, says `ready`, waits for a line, attacks in random order, and saves honestly in between.
Says how often it did what. Everything in OUTSIDE holds SECRET, and nothing that stays in ROOT does.
"""

import collections
import contextlib
import ctypes
import os
import random
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534
SECRET = b"nobody's business"
MINE = b"mine"
PAUSE_SECONDS_MAX = 0.003
HONEST_EVERY = 10
SPARSE_BYTES = 10 << 30
NEW_USER_AND_MOUNTS = 0x10000000 | 0x00020000
MS_BIND = 4096
libc = ctypes.CDLL(None, use_errno=True)

Attack = Callable[[Path, Path, int], None]


def link_to_a_file(root: Path, outside: Path, n: int) -> None:
    (root / f"a{n}.c").symlink_to(outside / "foreign.c")


def link_to_a_folder(root: Path, outside: Path, n: int) -> None:
    (root / f"d{n}").symlink_to(outside)
    (root / f"d{n}" / f"own{n}.c").write_bytes(SECRET)


def link_upwards(root: Path, outside: Path, n: int) -> None:
    (root / f"u{n}.c").symlink_to(f"../{outside.name}/foreign.c")
    (root / f"up{n}").symlink_to("..")
    (root / f"up{n}" / outside.name / f"up{n}.c").write_bytes(SECRET)


def magic_link(root: Path, outside: Path, n: int) -> None:
    with (outside / f"magic{n}.c").open("wb") as file:
        (root / f"m{n}.c").symlink_to(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        (root / f"mf{n}").symlink_to(f"/proc/{os.getpid()}/root{outside}")
        file.write(SECRET)


def fifo(root: Path, _: Path, n: int) -> None:
    os.mkfifo(root / f"f{n}.c")
    fd = os.open(root / f"f{n}.c", os.O_RDWR | os.O_NONBLOCK)
    os.write(fd, SECRET)
    os.close(fd)


def device(root: Path, _: Path, n: int) -> None:
    os.mknod(root / f"v{n}.c", 0o20666, os.makedev(1, 5))


def listening_socket(root: Path, _: Path, n: int) -> None:
    with contextlib.chdir(root), socket.socket(socket.AF_UNIX) as made:
        made.bind(f"s{n}.c")


def sparse_file(root: Path, _: Path, n: int) -> None:
    with (root / f"h{n}.c").open("wb") as file:
        file.truncate(SPARSE_BYTES)


def file_swapped_for_a_link(root: Path, outside: Path, n: int) -> None:
    for turn in range(4):
        (root / f"w{n}.c").write_bytes(MINE * (turn + 1))
        (root / f"link{n}").symlink_to(outside / "foreign.c")
        (root / f"link{n}").rename(root / f"w{n}.c")
        (root / f"w{n}.c").unlink()


def file_swapped_for_a_fifo(root: Path, outside: Path, n: int) -> None:
    for _ in range(4):
        (root / f"x{n}.c").write_bytes(MINE)
        (root / f"x{n}.c").unlink()
        fifo(root, outside, n)
        (root / f"f{n}.c").rename(root / f"x{n}.c")
        (root / f"x{n}.c").unlink()


def folder_swapped_for_a_link(root: Path, outside: Path, n: int) -> None:
    (root / f"p{n}" / "q").mkdir(parents=True)
    (root / f"p{n}" / "q" / "x.c").write_bytes(MINE)
    (root / f"p{n}").rename(outside / f"p{n}")
    (root / f"p{n}").symlink_to(outside / f"p{n}")
    (root / f"p{n}" / "q" / "x.c").write_bytes(SECRET)


def file_written_on_outside(root: Path, outside: Path, n: int) -> None:
    with (root / f"o{n}.c").open("wb", buffering=0) as file:
        file.write(MINE)
        (root / f"o{n}.c").rename(outside / f"o{n}.c")
        file.write(SECRET)


def link_to_a_foreign_file(root: Path, outside: Path, n: int) -> None:
    (root / f"k{n}.c").hardlink_to(outside / "foreign.c")


def second_name_outside(root: Path, outside: Path, n: int) -> None:
    (root / f"l{n}.c").write_bytes(MINE)
    (outside / f"l{n}").hardlink_to(root / f"l{n}.c")
    (outside / f"l{n}").write_bytes(SECRET)


def own_file_outside_linked_in(root: Path, outside: Path, n: int) -> None:
    (outside / f"i{n}").write_bytes(SECRET)
    (root / f"i{n}.c").hardlink_to(outside / f"i{n}")
    (root / f"i{n}.c").write_bytes(SECRET * 2)


def through_a_mount(root: Path, _: Path, n: int) -> None:
    (root / "mounted" / f"b{n}.c").write_bytes(SECRET)


def mount_of_ones_own(root: Path, outside: Path, n: int) -> None:
    (root / f"y{n}").mkdir()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    if libc.unshare(NEW_USER_AND_MOUNTS) == 0:
        mounted = libc.mount(bytes(outside), bytes(root / f"y{n}"), None, MS_BIND, None)
        with contextlib.suppress(OSError):
            (outside if mounted else root / f"y{n}").joinpath(f"y{n}.c").write_bytes(SECRET)
    os._exit(0)


ATTACKS: tuple[Attack, ...] = (
    link_to_a_file,
    link_to_a_folder,
    link_upwards,
    magic_link,
    fifo,
    device,
    listening_socket,
    sparse_file,
    file_swapped_for_a_link,
    file_swapped_for_a_fifo,
    folder_swapped_for_a_link,
    file_written_on_outside,
    link_to_a_foreign_file,
    second_name_outside,
    own_file_outside_linked_in,
    through_a_mount,
    mount_of_ones_own,
)


def main(root: Path, outside: Path, seed: int, attacks: int) -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    chance = random.Random(seed)
    done: collections.Counter[str] = collections.Counter()
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(attacks):
        attack = chance.choice(ATTACKS)
        try:
            attack(root, outside, n)
        except PermissionError:
            done[f"{attack.__name__} refused by the kernel"] += 1
        else:
            done[attack.__name__] += 1
        if n % HONEST_EVERY == 0:
            (root / f"honest{n}.c").write_bytes(b"honest %d" % n)
        time.sleep(chance.random() * PAUSE_SECONDS_MAX)
    print(dict(done), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
