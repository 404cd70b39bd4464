"""Names that trip programs up: line ends, blanks, dashes, patterns, controls, 255 bytes; of folders, too."""

import os
from pathlib import Path

from promises import moved, pause, save

# No line can promise a name with a line end in it: what is kept in the end must equal the disk.
STEMS = (
    *(b"a\nb", b" leading", b"trailing ", b"*", b"?[x]", b"-n", b"--", b"$(id)", b"`id`", b"'q'", b'"q"'),
    *(b"back\\slash", b"\\x41", b"\\n", b"\xe2\x80\xae", b"\x7f", b"\x1b[31m", b"e\xcc\x81", b"\xc3\xa9"),
    *(b"..", b".", b"", b"~", b"#a#", b"%s%n", b"CON", b"a:b", b"tab\there", b"cr\r", b"x.C", b"\xff" * 253),
)
for stem in STEMS:
    Path(os.fsdecode(stem + b".c")).write_bytes(b"int " + stem)
    folder = Path(os.fsdecode(b"in_" + stem[:200]))
    folder.mkdir()
    (folder / os.fsdecode(stem + b".c")).write_bytes(b"int in " + stem)
pause(0.3)
for stem in STEMS:
    Path(os.fsdecode(stem + b".c")).rename(os.fsdecode(stem + b".h"))
    folder, other = (Path(os.fsdecode(prefix + stem[:200])) for prefix in (b"in_", b"of_"))
    folder.rename(other)
    with (other / os.fsdecode(stem + b".c")).open("ab") as file:
        file.write(b" more")
pause(0.3)
for stem in STEMS[::2]:
    Path(os.fsdecode(stem + b".h")).unlink()
save("x.c", b"int x;\n")
Path("y.c").mkdir()
pause(0.3)
save("y.c/z.c", b"int z;\n")
pause()
Path("y.c").rename("w.h")
moved("y.c/z.c", "w.h/z.c")
Path("x.c").rename("y.c")
moved("x.c", "y.c")
