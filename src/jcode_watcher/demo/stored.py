"""What the service has stored of one student, asked through its API."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

TIMEOUT_SECONDS = 30


class Reader:
    """Asks the service with a reader's token."""

    def __init__(self, url: str, token: str) -> None:
        self._place = urlsplit(url).netloc
        self._token = token

    def get(self, path: str, **query: str) -> Any:
        """Give the JSON of an answer; ConnectionError if there is none."""
        connection = http.client.HTTPConnection(self._place, timeout=TIMEOUT_SECONDS)
        try:
            target = quote(path) + (f"?{urlencode(query)}" if query else "")
            connection.request("GET", target, headers={"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"GET {path}: {error}") from error
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise ConnectionError(f"GET {path}: {answer.status} {text[:200].decode(errors='replace')}")
        return json.loads(text)


@dataclass(frozen=True)
class Stored:
    """One student's events, oldest first, and the contents' hashes by path as the file pages list them."""

    events: list[dict[str, Any]] = field(default_factory=list)
    newest: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """(assignment, path) to SHA-256 of the newest version; None where it is deleted."""


def stored_of(reader: Reader, student: str, assignments: set[str]) -> Stored:
    """Read everything of one student."""
    place = {"course": "os", "section": "1", "student": student}
    events = reader.get("/v1/timeline", **place)["events"]
    newest = {
        (assignment, file["path"]): None if file["deleted"] else file["sha256"]
        for assignment in sorted(assignments)
        for file in reader.get("/v1/files", **place, assignment=assignment)["files"]
    }
    return Stored(events, newest)


def gaps_of(reader: Reader) -> list[dict[str, Any]]:
    """Read when nobody was looking, or something was lost."""
    return [event["body"] for event in reader.get("/v1/monitor", kinds="monitor.gap")["events"]]
