"""One session with the embedded engine, for one thread.

Queries of one session run one after another, so every thread has its own. Users' text reaches SQL only as a
parameter: `file()` and `url()` work in any query.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import chdb
import msgspec
from chdb.session import Session

from jcode_watcher.analytics.errors import StoreFailed

T = TypeVar("T")

SETTINGS = """
SET max_threads = 2,
    output_format_json_quote_64bit_integers = 0,
    input_format_skip_unknown_fields = 0,
    async_insert = 0
"""
"""More threads a query than cores would only let queries of other readers wait."""

ERROR_CHARACTERS_MAX = 300
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})
ENCODER = msgspec.json.Encoder()


class Connection:
    """One session. StoreFailed wherever the engine refuses."""

    def __init__(self, path: Path) -> None:
        self._session: Any = guarded(Session, str(path))
        self.run(SETTINGS)

    def run(self, sql: str) -> None:
        """Run a statement that gives nothing."""
        guarded(self._session.query, sql)

    def answer(self, sql: str, form: str, parameters: Mapping[str, str | int]) -> bytes:
        """Run a query and give its answer in one of the engine's formats."""
        result = guarded(self._session.query, sql, form, params=escaped(parameters))
        answer: bytes = result.bytes()
        return answer

    def rows(self, sql: str, decoder: msgspec.json.Decoder[T], **parameters: str | int) -> list[T]:
        """Run a query and give its rows, decoded from one JSON object each."""
        return decoder.decode_lines(self.answer(sql, "JSONEachRow", parameters))

    def insert(self, into: str, rows: Sequence[object]) -> None:
        """Insert rows `into` a table, or some of its columns; when it returns they are on disk.

        Rows are structs or dicts whose keys are columns.

        The rows are the data of the statement itself. The streaming insert would be a little faster, but says
        that all went well where the disk was full and nothing was written.
        """
        data = ENCODER.encode_lines(rows).decode()
        self.run(f"INSERT INTO {into} FORMAT JSONEachRow\n{data}")

    def close(self) -> None:
        """End the session."""
        self._session.close()


def guarded(action: Any, *arguments: Any, **named: Any) -> Any:
    """Do what the engine is asked; StoreFailed, in one line, if it refuses."""
    try:
        return action(*arguments, **named)
    except (chdb.ChdbError, RuntimeError) as error:
        line = " ".join(str(error).split())[:ERROR_CHARACTERS_MAX]
        raise StoreFailed(line) from error


def escaped(parameters: Mapping[str, str | int]) -> dict[str, str]:
    """Give parameters as the engine reads them: as fields of tab-separated text."""
    return {name: str(value).translate(ESCAPES) for name, value in parameters.items()}


def json_list(values: list[str]) -> str:
    """Give a list as a parameter for `JSONExtract({name:String}, 'Array(String)')`."""
    return msgspec.json.encode(values).decode()
