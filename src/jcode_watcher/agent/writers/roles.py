"""What kind of program a writer is: a table of names. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from jcode_watcher.events.file import Role

NAMES: Final[dict[Role, str]] = {
    "editor": (
        "vi vim nvim view ex nano rnano pico emacs ed sed gsed joe jed mcedit micro helix hx kak ne "
        "code-server code gedit kate mousepad geany clang-format indent"
    ),
    "version_control": "git git-remote-https git-shell hg svn jj patch",
    "compiler": (
        "cc1 cc1plus cc1obj as ld ld.bfd ld.gold ld.lld lld collect2 lto1 lto-wrapper ar ranlib objcopy strip"
    ),
    "archive": "unzip tar bsdtar gzip gunzip zcat bzip2 xz unxz zstd 7z 7za 7zr cpio unrar zip",
    "copy": "cp mv rsync install scp sftp-server dd ln rclone wget curl",
    "shell": (
        "sh bash dash zsh fish ksh mksh ash busybox "
        "cat tee echo printf head tail sort uniq cut tr awk mawk gawk"
    ),
    "interpreter": "perl ruby php node nodejs lua java Rscript deno bun",
    "notebook": "jupyter jupyter-lab jupyter-notebook jupyter-server jupyterhub-singleuser ipython",
}
"""A redirect is the shell's doing, also when `cat` holds the file; `sed -i` is an edit."""

PATTERNS: Final[tuple[tuple[re.Pattern[str], Role], ...]] = (
    (
        re.compile(r"(?:.+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|as|ld|cpp)(?:\.\w+)?(?:-[\d.]+)?"),
        "compiler",
    ),
    (re.compile(r"(?:python|pypy)[\d.]*"), "interpreter"),
    (re.compile(r"(?:emacs|vim|nvim)[-.\w]*"), "editor"),
)
"""Names that carry a version or a target."""

FRAGMENTS: Final[tuple[tuple[str, Role], ...]] = (
    ("code-server", "editor"),
    ("vscode-server", "editor"),
    ("openvscode", "editor"),
    ("ipykernel", "notebook"),
    ("jupyter", "notebook"),
)
"""What gives an interpreter away whose script is the real program (code-server is a script of Node's)."""

SCRIPT_ARGUMENTS = 4
"""Where the real program's name stands in an interpreter's arguments (`python3 -m ipykernel_launcher`)."""
MULTIPLE: Final = frozenset({"busybox", "toybox", "coreutils"})
"""Executables that are many programs: the name by which they are called tells which."""
IN_PLACE = re.compile(r"-[A-Za-z0-9]*i")
"""Perl's and Ruby's option to edit a file in place."""

ROLE_OF_NAME: Final[dict[str, Role]] = {name: role for role, names in NAMES.items() for name in names.split()}


def role_of(exe: str, argv: Sequence[str], comm: str) -> Role:
    """Give a program's role by its executable; where that is unknown, by what it was called or by `comm`."""
    known = basenames(exe, argv, comm)
    if not known:
        return "unknown"
    role = role_of_name(known[0])
    return role_of_script(exe, argv) if role == "interpreter" else role


def basenames(exe: str, argv: Sequence[str], comm: str) -> list[str]:
    """Give the names that tell what a program is, the most telling first."""
    names = [path.rpartition("/")[2] for path in (exe, *argv[:1], comm) if path]
    return names[1:] or names if names and names[0] in MULTIPLE else names


def role_of_name(name: str) -> Role:
    """Give the role that goes with a name; `other` where none does."""
    role = ROLE_OF_NAME.get(name)
    if role is not None:
        return role
    return next((role for pattern, role in PATTERNS if pattern.fullmatch(name)), "other")


def role_of_script(exe: str, argv: Sequence[str]) -> Role:
    """Give the role of what an interpreter runs."""
    telling = (exe, *argv[:SCRIPT_ARGUMENTS])
    role = first_fragment(telling)
    if role is not None:
        return role
    in_place = exe.rpartition("/")[2] in {"perl", "ruby"} and any(map(IN_PLACE.fullmatch, argv[1:]))
    return "editor" if in_place else "interpreter"


def first_fragment(texts: Iterable[str]) -> Role | None:
    """Give the role of the first fragment that any of the texts contains."""
    found = (role for text in texts for fragment, role in FRAGMENTS if fragment in text)
    return next(found, None)
