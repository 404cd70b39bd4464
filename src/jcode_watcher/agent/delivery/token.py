"""The agent's token, in the file that the operator names."""

import re
from pathlib import Path
from typing import Final

from jcode_watcher.settings import CannotRead, as_text, read_file

TOKEN_BYTES_MAX: Final = 4_096


def read_token(path: Path) -> str:
    """Give the token; CannotRead says why there is none, and never what the file holds."""
    setting = f"--token-file {as_text(path)}"
    try:
        token = read_file(path, TOKEN_BYTES_MAX).strip()
    except CannotRead as error:
        raise CannotRead(f"{setting}: {error}; give the file that holds the agent's token") from None
    if not re.fullmatch(rb"[!-~]+", token):
        raise CannotRead(f"{setting}: holds no token; give a file with one line of visible ASCII characters")
    return token.decode("ascii")
