"""A browser signs in and out."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.access.access import COOKIE
from jcode_watcher.analytics.answers import answer
from jcode_watcher.analytics.errors import BadRequest, Refused
from jcode_watcher.analytics.services import services_of


class SignIn(msgspec.Struct):
    """What is posted to sign in."""

    token: str


class SignedIn(msgspec.Struct):
    """Who is signed in."""

    role: str


SIGN_IN = msgspec.json.Decoder(SignIn)


async def post_session(request: Request) -> Response:
    """Sign in with a reader's token; the answer sets the cookie."""
    services = services_of(request)
    address = request.client.host if request.client else ""
    body = await services.sign_in_bodies.body(address, request.stream())
    try:
        token = SIGN_IN.decode(body).token
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f'sign in with {{"token": "..."}}: {error}') from error
    try:
        value = services.access.sign_in(request, token)
    except Refused as refused:
        services.metrics.sign_in_failures.labels(str(refused.status)).inc()
        raise
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        value,
        max_age=services.access.session_seconds,
        httponly=True,
        samesite="strict",
        secure=came_by_https(request),
    )
    return response


def came_by_https(request: Request) -> bool:
    """Tell whether the browser speaks TLS, be it with a proxy before us: its own page's Origin says so."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")


async def get_session(request: Request) -> Response:
    """Tell who is signed in."""
    services_of(request).access.reader(request)
    return answer(SignedIn("reader"))


async def delete_session(request: Request) -> Response:
    """Sign out; it is no fault not to be signed in."""
    services_of(request).access.sign_out(request)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
