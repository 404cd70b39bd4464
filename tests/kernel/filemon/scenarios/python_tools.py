"""Jupyter with its checkpoints, black, autopep8, fileinput, tempfile, shutil and what IDLE does."""

import fileinput
import os
import shutil
import tempfile
from pathlib import Path

from promises import kept, moved, pause, save


def jupyter(path: Path, content: bytes) -> None:
    """A copy is kept aside while the notebook is written in place; then a checkpoint is made of it."""
    aside = path.with_name(f".~{path.name}")
    if path.exists():
        shutil.copy2(path, aside)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.unlink(missing_ok=True)
    kept(str(path), content)
    checkpoint = path.parent / ".ipynb_checkpoints" / f"{path.stem}-checkpoint{path.suffix}"
    checkpoint.parent.mkdir(exist_ok=True)
    shutil.copy2(path, checkpoint)
    kept(str(checkpoint), content)


def replaced(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    kept(str(path), content)


for n in range(4):
    jupyter(Path("lesson.py"), b"# %%%%\nprint(%d)\n" % n)
    pause(0.3)
Path("lesson.py").rename("lesson-1.py")
moved("lesson.py", "lesson-1.py")
pause()

save("main.py", b"x = {  'a':1 }\n")
pause()
with Path("main.py").open("w", encoding="utf-8", newline="\n") as black:
    black.write('x = {"a": 1}\n')
kept("main.py", b'x = {"a": 1}\n')
pause()
with fileinput.input("main.py", inplace=True, backup=".bak") as lines:
    for line in lines:
        print(line.replace("1", "2"), end="")
kept("main.py", b'x = {"a": 2}\n')
pause()
for n in range(3):
    replaced(Path("main.py"), b"x = %d\n" % n)
    pause()
shutil.copytree(".", "copy", ignore=shutil.ignore_patterns("copy"))
kept("copy/main.py", b"x = 2\n")
pause()
shutil.move("copy/main.py", "copy/other.py")
moved("copy/main.py", "copy/other.py")
pause()
with Path("main.py").open("r+b") as file:
    file.seek(4)
    file.write(b"9")
    file.truncate()
kept("main.py", b"x = 9")
