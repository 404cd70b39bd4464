"""A database and a log are busy beside the sources; a debugger and an indexer read them."""

import sqlite3
from pathlib import Path

from promises import kept, never, pause, save

Path("app").mkdir()
pause()
database = sqlite3.connect("app/grades.db")
database.execute("pragma journal_mode = delete")
database.execute("create table grade (n integer)")
for n in range(15):
    with database:
        database.execute("insert into grade values (?)", (n,))
    with Path("app/debug.log").open("a", encoding="utf-8") as log:
        log.write(f"{n}\n" * 50)
    save("app/main.py", b"grade = %d\n" % n)
    Path("app/main.py").read_bytes()
    pause(0.06)
database.execute("pragma journal_mode = wal")
for n in range(5):
    with database:
        database.execute("insert into grade values (?)", (n,))
    content = b"more = %d\n" % n
    Path("app/.main.py.new").write_bytes(content)
    Path("app/.main.py.new").rename("app/main.py")
    kept("app/main.py", content)
    pause(0.06)
database.close()
Path("app/__pycache__").mkdir()
pause()
Path("app/__pycache__/hidden.py").write_bytes(b"pruned\n")
never("app/__pycache__/hidden.py")
