import pytest

from jcode_watcher.agent.writers.role_names import MODULES, NAMES
from jcode_watcher.agent.writers.roles import role_of

WRITERS = """
editor: /usr/bin/vim.basic vim a.c
editor: /usr/bin/vim.tiny vi a.c
editor: /usr/bin/nvim nvim
editor: /usr/bin/emacs-nox emacs a.c
editor: /usr/bin/emacs-gtk emacs
editor: /usr/bin/nano nano a.c
editor: /bin/nano-tiny nano a.c
editor: /usr/bin/sed sed -i s/a/b/ a.c
editor: /usr/bin/sed sed -Ei.bak s/a/b/ a.c
editor: /usr/bin/sed sed --in-place=~ s/a/b/ a.c
shell: /usr/bin/sed sed s/a/b/ a.c
editor: /usr/bin/gawk gawk -i inplace 1 a.c
shell: /usr/bin/gawk gawk 1 a.c
editor: /usr/bin/perl perl -pi -e s/a/b/ a.c
editor: /usr/bin/perl5.36.0 perl -pi.orig -e s/a/b/ a.c
interpreter: /usr/bin/perl perl -MPOSIX -e 1
interpreter: /usr/bin/perl perl make.pl
editor: /usr/lib/code-server/lib/node /usr/lib/code-server/lib/node out/vs/server/main.js
editor: /usr/bin/node node /usr/lib/code-server/out/node/entry
editor: /home/coder/.vscode-server/bin/1a2b/node node out/server-main.js
editor: /opt/code-server-4.96.4-linux-amd64/lib/node node out/vs/server/main.js
interpreter: /usr/bin/node node app.js
interpreter: /usr/bin/node node /home/coder/project/hw1/code-server/app.js
interpreter: /usr/bin/nodejs nodejs code-server.js
editor: /usr/lib/jvm/jbr/bin/java java -Didea.vendor.name=x com.intellij.idea.Main
interpreter: /usr/lib/jvm/17/bin/java java Main
editor: /usr/bin/clang-format clang-format -i a.c
editor: /usr/bin/python3.11 python3 -m black a.py
editor: /usr/bin/python3.11 python3 /usr/bin/idle
editor: /usr/bin/sudo sudoedit a.c
interpreter: /usr/bin/python3.11 python3 gen.py
interpreter: /usr/bin/python3.11 python3 jupyter_test.py
interpreter: /usr/bin/python3.11 python3 /home/coder/project/hw1/notebook/black.py
interpreter: /usr/bin/python3.11 python3 -c jupyter
interpreter: /usr/bin/python3.11 python3 -W ignore -u gen.py
interpreter: /usr/bin/pypy3 pypy3 gen.py
interpreter: /usr/bin/lua5.4 lua a.lua
interpreter: /usr/lib/R/bin/exec/R R
notebook: /usr/bin/python3.11 python3 -m ipykernel_launcher -f x
notebook: /usr/bin/python3.11 python3 -Xfrozen_modules=off -m ipykernel_launcher -f x
notebook: /usr/bin/python3.11 python3 /usr/lib/python3/dist-packages/ipykernel_launcher.py -f x
notebook: /opt/conda/bin/python3.11 /opt/conda/bin/python3.11 /opt/conda/bin/jupyter-lab
notebook: /usr/bin/python3.11 python3 /usr/local/bin/jupyter-nbconvert --inplace a.ipynb
notebook: /usr/bin/python3.11 python3 /usr/bin/ipython3
version_control: /usr/bin/git git checkout
version_control: /usr/lib/git-core/git-remote-http git-remote-https origin
version_control: /usr/libexec/git-core/git-submodule--helper git submodule
version_control: /usr/bin/python3.11 python3 /usr/bin/hg update
version_control: /usr/bin/patch patch -p1
compiler: /usr/bin/x86_64-linux-gnu-ld.bfd ld
compiler: /usr/bin/x86_64-linux-gnu-ld.gold ld
compiler: /usr/bin/ld.lld-14 ld.lld
compiler: /usr/bin/x86_64-linux-gnu-as as
compiler: /usr/bin/x86_64-linux-gnu-strip strip
compiler: /usr/bin/x86_64-linux-gnu-objcopy objcopy
compiler: /usr/bin/gcc-ranlib-12 ranlib
compiler: /usr/bin/ar ar
compiler: /usr/bin/x86_64-linux-gnu-gcc-12 gcc
compiler: /usr/lib/gcc/x86_64-linux-gnu/12/collect2 collect2
compiler: /usr/lib/gcc/x86_64-linux-gnu/12/cc1 cc1
compiler: /usr/lib/llvm-14/bin/clang clang
compiler: /usr/bin/bison bison -o a.c a.y
archive: /usr/bin/unzip unzip a.zip
archive: /usr/bin/tar tar xf a.tar
archive: /usr/bin/gzip gzip -d a.c.gz
archive: /usr/bin/python3.11 python3 -m zipfile -e a.zip .
copy: /usr/bin/cp cp
copy: /usr/bin/mv mv
copy: /usr/bin/rsync rsync --server
copy: /usr/bin/install install
copy: /usr/lib/openssh/sftp-server sftp-server
shell: /usr/bin/bash bash
shell: /usr/bin/bash -bash
shell: /usr/bin/dash sh -c x
shell: /usr/bin/cat cat
shell: /usr/bin/rm rm a.c
copy: /bin/busybox cp a b
copy: /bin/busybox busybox cp a b
archive: /bin/busybox /bin/unzip a.zip
shell: /bin/busybox -sh
shell: /bin/busybox
editor: /bin/busybox vi a.c
editor: /bin/busybox sed -i s/a/b/ a.c
copy: /usr/lib/cargo/bin/coreutils/coreutils install a b
other: /home/coder/project/hw1/a.out ./a.out
other: /lib64/ld-linux-x86-64.so.2 ld-linux ./a.out
"""
"""Role, executable and command line of each."""


@pytest.mark.parametrize("line", WRITERS.strip().splitlines())
def test_a_program_has_its_role(line: str) -> None:
    role, exe, *argv = line.split()

    assert role_of(exe, argv, "") == role.removesuffix(":")


def test_of_a_program_of_which_nothing_is_known_the_role_is_not_either() -> None:
    assert role_of("", [], "") == "unknown"


def test_without_an_executable_the_short_name_tells() -> None:
    assert role_of("", [], "git") == "version_control"


def test_no_name_has_two_roles() -> None:
    for table in (NAMES, MODULES):
        names = [name for listed in table.values() for name in listed.split()]
        assert len(names) == len(set(names))
