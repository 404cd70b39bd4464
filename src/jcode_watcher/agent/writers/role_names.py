"""Which names of programs, scripts and modules mean which role: tables."""

import re
from typing import Final

from jcode_watcher.events.file import Role

NAMES: Final[dict[Role, str]] = {
    "editor": (
        "vi ex view gvim rnano pico ed joe jmacs jpico jstar rjoe jed mcedit micro helix hx kak ne dte vis "
        "tilde code codium code-server cursor windsurf zed zed-editor gedit gnome-text-editor kate kwrite "
        "pluma xed mousepad leafpad featherpad geany notepadqq subl sublime_text spyder thonny clion "
        "idea pycharm clang-format indent astyle ruff black autopep8 yapf isort prettier dos2unix "
        "unix2dos sudo sudoedit"
    ),
    "version_control": "git gh hg svn bzr fossil jj patch",
    "compiler": (
        "cc1 cc1plus cc1obj lld mold collect2 lto1 lto-wrapper tcc rustc go javac gfortran bison flex yacc "
        "lex cmake ninja make"
    ),
    "archive": (
        "unzip zip unzipsfx tar bsdtar pax cpio gzip gunzip zcat bzip2 bunzip2 bzcat xz unxz xzcat lzma "
        "unlzma lz4 zstd unzstd zstdcat 7z 7za 7zr 7zz unrar unar"
    ),
    "copy": "cp mv rsync install scp sftp sftp-server dd ln rclone wget curl rename",
    "shell": (
        "sh bash dash zsh fish ksh mksh ash busybox toybox coreutils "
        "cat tac tee sponge echo printf yes seq head tail sort shuf uniq cut paste join tr rev nl fold fmt "
        "split csplit awk mawk gawk grep egrep fgrep sed gsed diff xxd od base64 iconv expand unexpand "
        "touch truncate rm rmdir unlink shred find xargs"
    ),
    "interpreter": "Rscript R julia deno bun octave octave-cli ocaml sbcl",
    "notebook": "jupyter jupyter-lab jupyter-notebook jupyter-server jupyterhub-singleuser ipython marimo",
}
"""A redirect is the shell's doing, also when `cat` holds the file; so is a deletion with `rm`. `sudo` itself
writes only what `sudoedit` brings back."""

PATTERNS: Final[tuple[tuple[re.Pattern[str], Role], ...]] = (
    (
        re.compile(
            r"(?:.+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|as|ld|cpp|ar|ranlib|objcopy|strip)"
            r"(?:\.\w+)?(?:-[\d.]+)?"
        ),
        "compiler",
    ),
    (
        re.compile(r"(?:python|pypy|perl|ruby|php|lua|luajit|node|nodejs|java|tclsh|guile)[\d.]*"),
        "interpreter",
    ),
    (re.compile(r"(?:emacs|vim|nvim|nano|idle)[-.\w]*"), "editor"),
    (re.compile(r"git-.+"), "version_control"),
    (re.compile(r"(?:jupyter-|ipython).*"), "notebook"),
)
"""Names that carry a version, a flavour or a target."""

MODULES: Final[dict[Role, str]] = {
    "notebook": (
        "ipykernel ipykernel_launcher IPython jupyter jupyter_core jupyter_server jupyter_client jupyterlab "
        "jupyterhub notebook nbconvert nbclassic papermill voila marimo"
    ),
    "editor": "idlelib thonny spyder black autopep8 yapf isort ruff",
    "archive": "zipfile tarfile gzip",
}
"""Packages that `python -m` runs, and the names of their scripts' folders."""

SERVERS: Final = frozenset(
    {
        "code-server",
        "openvscode-server",
        "vscode-server",
        ".openvscode-server",
        ".vscode-server",
        ".vscodium-server",
        ".cursor-server",
        ".windsurf-server",
    }
)
"""Folders of editors that are served to a browser: their Node, and what it runs, is the editor."""
SERVER_BEGINNINGS: Final = tuple(f"{name}-" for name in sorted(SERVERS))
"""With a version behind it, as where it was unpacked by hand."""

JAVA_EDITORS: Final = ("com.intellij.", "-Didea.", "org.eclipse.equinox.launcher")
"""Beginnings of arguments that tell an editor made in Java."""

MULTIPLE: Final = frozenset({"busybox", "toybox", "coreutils"})
"""Executables that are many programs: the name by which they are called tells which."""

IN_PLACE: Final = re.compile(r"-[a-hj-zA-HJ-LN-Z0-9]*i(?:[.~].*)?|--in-place(?:=.*)?")
"""The option of sed, Perl and Ruby to edit a file in place, also behind others or with a backup's ending."""
MAY_EDIT: Final = frozenset({"sed", "gsed", "perl", "ruby"})


def by_name(names: dict[Role, str]) -> dict[str, Role]:
    """Give the role of each name."""
    return {name: role for role, listed in names.items() for name in listed.split()}


ROLE_OF_NAME: Final[dict[str, Role]] = by_name(NAMES)
ROLE_OF_MODULE: Final[dict[str, Role]] = by_name(MODULES)
