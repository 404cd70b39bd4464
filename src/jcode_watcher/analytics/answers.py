"""How answers and refusals travel."""

from typing import Any

import msgspec
from starlette.requests import HTTPConnection
from starlette.responses import Response

from jcode_watcher.analytics.errors import NotSignedIn, Refused, StoreFailed

JSON = "application/json"
RETRY_AFTER_SECONDS = 2


def answer(content: Any, status: int = 200) -> Response:
    """Give anything msgspec can write as JSON."""
    return Response(msgspec.json.encode(content), status, media_type=JSON)


def refusal(_request: HTTPConnection, refused: Exception) -> Response:
    """Give a refusal as `{"error": one line}`."""
    if isinstance(refused, StoreFailed):
        return error_answer(f"the store does not answer: {refused}", 503, RETRY_AFTER_SECONDS)
    if not isinstance(refused, Refused):
        raise refused
    response = error_answer(str(refused), refused.status, refused.retry_after_seconds)
    if isinstance(refused, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def error_answer(line: str, status: int, retry_after_seconds: int | None = None) -> Response:
    """Give one line of error."""
    response = answer({"error": line}, status)
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(retry_after_seconds)
    return response
