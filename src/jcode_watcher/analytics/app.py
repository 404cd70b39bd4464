"""The web application: the API first, the dashboard last."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from jcode_watcher.analytics.answers import error_answer, refusal
from jcode_watcher.analytics.api.endpoints import ENDPOINTS, LIVE_PATH
from jcode_watcher.analytics.api.openapi import PATH as OPENAPI_PATH
from jcode_watcher.analytics.api.openapi import get_openapi
from jcode_watcher.analytics.errors import Refused, StoreFailed
from jcode_watcher.analytics.live.socket import live
from jcode_watcher.analytics.manners import Manners
from jcode_watcher.analytics.services import Services

STATIC = Path(__file__).parent / "static"
CLIENT_CLOSED_REQUEST = 499


def application(services: Services) -> Starlette:
    """Give the application that serves these parts."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Manners)],
        exception_handlers={
            Refused: refusal,
            StoreFailed: refusal,
            HTTPException: unknown,
            ClientDisconnect: gone,
            Exception: unexpected,
        },
    )
    app.state.services = services
    return app


def routes() -> list[BaseRoute]:
    """Give every route; the dashboard catches what is left."""
    endpoints = [Route(e.path, e.handler, methods=[e.method]) for e in ENDPOINTS]
    dashboard: BaseRoute = (
        Mount("/", StaticFiles(directory=STATIC, html=True))
        if (STATIC / "index.html").exists()
        else Route("/", not_built)
    )
    return [*endpoints, Route(OPENAPI_PATH, get_openapi), WebSocketRoute(LIVE_PATH, live), dashboard]


async def not_built(_request: Request) -> Response:
    """Say how to get the dashboard."""
    return PlainTextResponse("The dashboard is not built: run `make build` and start again. The API works.\n")


def unknown(request: Request, error: Exception) -> Response:
    """Answer a path or method that is not there, as every error is answered."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return error_answer(f"{request.method} {request.url.path}: not served here; see {OPENAPI_PATH}", status)


def gone(_request: Request, _error: Exception) -> Response:
    """Answer a client that left in the middle of its request: nobody reads this."""
    return error_answer("the request was not finished", CLIENT_CLOSED_REQUEST)


def unexpected(_request: Request, _error: Exception) -> Response:
    """Answer when we are at fault; the server logs the traceback."""
    return error_answer("internal error; the service's log says more", 500)
