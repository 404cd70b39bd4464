"""Into folders that nobody looks into and out of them: files, folders, that folder itself."""

import os
from pathlib import Path

from promises import deleted, kept, moved, never, pause, save


def rename(source: str, destination: str) -> None:
    Path(source).rename(destination)


for folder in ("node_modules/pkg/lib", ".git/modules", "src"):
    Path(folder).mkdir(parents=True)
pause(0.3)
Path("node_modules/pkg/lib/p.c").write_bytes(b"int hidden;\n")
never("node_modules/pkg/lib/p.c")
pause()
rename("node_modules/pkg", "src/pkg")
kept("src/pkg/lib/p.c", b"int hidden;\n")
pause(0.05)
save("src/pkg/lib/p.c", b"int shown;\n")
pause()
rename("src/pkg/lib/p.c", ".git/p.c")
deleted("src/pkg/lib/p.c")
Path(".git/p.c").write_bytes(b"int in_git;\n")
never(".git/p.c")
pause()
rename(".git/p.c", "src/p.c")
kept("src/p.c", b"int in_git;\n")
pause()
rename("src", ".git/src")
deleted("src/p.c")
Path(".git/src/p.c").write_bytes(b"int deeper_in_git;\n")
never(".git/src/p.c")
pause()
rename(".git/src", "src")
kept("src/p.c", b"int deeper_in_git;\n")
pause()

# The pruned folder gets a name that is none's to prune, and back.
rename("node_modules", "lib")
save("lib/x.c", b"int x;\n")
Path("lib/deep/er").mkdir(parents=True)
pause(0.3)
save("lib/deep/er/y.c", b"int y;\n")
pause()
rename("lib", "node_modules")
deleted("lib/x.c")
deleted("lib/deep/er/y.c")
Path("node_modules/deep/er/y.c").write_bytes(b"int y_hidden;\n")
never("node_modules/deep/er/y.c")
pause()
rename("node_modules/deep", "deep")
kept("deep/er/y.c", b"int y_hidden;\n")
pause(0.05)
save("deep/er/y.c", b"int y_shown;\n")
pause()

# A folder moves with a pruned one in it; a file is open while its folder is hidden or shown.
Path("p/node_modules/q").mkdir(parents=True)
Path("p/node_modules/q/q.c").write_bytes(b"int q;\n")
never("p2/node_modules/q/q.c")
pause(0.3)
save("p/p.c", b"int p;\n")
pause()
rename("p", "p2")
moved("p/p.c", "p2/p.c")
pause()
with Path("p2/node_modules/q/q.c").open("wb", buffering=0) as file:
    file.write(b"int begun;\n")
    rename("p2/node_modules/q", "q")
    file.write(b"int ended;\n")
kept("q/q.c", b"int begun;\nint ended;\n")
pause()
with Path("q/q.c").open("wb", buffering=0) as file:
    file.write(b"int begun;\n")
    rename("q", "p2/node_modules/q")
    file.write(b"int hidden;\n")
deleted("q/q.c")
pause()
for n in range(4):
    rename(f"p{n + 2}", ".git/p")
    rename(".git/p", f"p{n + 3}")
kept("p6/p.c", b"int p;\n")
os.link("deep/er/y.c", "node_modules/y.c")
Path("node_modules/y.c").unlink()
save("deep/er/y.c", b"int end;\n")
