"""The OpenAPI document, made from the table of endpoints and the types that they give and take."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher import __version__
from jcode_watcher.analytics.access.access import COOKIE
from jcode_watcher.analytics.answers import JSON, answer
from jcode_watcher.analytics.api.endpoints import ENDPOINTS, LIVE_PARAMETERS, LIVE_PATH, Endpoint, Parameter

PATH = "/openapi.json"
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "anyone": [],
    "reader": [{"readerToken": []}, {"browserSession": []}],
    "agent": [{"agentToken": []}],
}
SCHEMES = {
    "agentToken": {"type": "http", "scheme": "bearer", "description": "The token in tokens/agent."},
    "readerToken": {"type": "http", "scheme": "bearer", "description": "The token in tokens/reader."},
    "browserSession": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}
REFUSALS = {
    400: "The request cannot be read.",
    401: "No token, or not one of ours.",
    403: "The token, the Origin or the Host may not do this.",
    404: "There is no such thing.",
    408: "The body did not arrive in time: send it again.",
    413: "The batch is too large: halve it.",
    429: "Too many: wait as Retry-After says.",
    503: "The service cannot do its work now: wait as Retry-After says.",
}
ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}


async def get_openapi(_request: Request) -> Response:
    """Give this document."""
    return answer(document())


def document() -> dict[str, Any]:
    """Describe the API (OpenAPI 3.1)."""
    types = [t for e in ENDPOINTS for t in (e.gives, e.takes) if t is not None and not isinstance(t, str)]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation(endpoint, by_type)
    paths[LIVE_PATH] = {"get": live_operation()}
    paths[PATH] = {
        "get": {"summary": summary(get_openapi), "security": [], "responses": said("The document.", JSON)}
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "JCode Watcher analytics", "version": __version__},
        "paths": paths,
        "components": {"schemas": {**components, "Error": ERROR}, "securitySchemes": SCHEMES},
    }


def operation(endpoint: Endpoint, schemas: dict[Any, Any]) -> dict[str, Any]:
    """Describe one endpoint."""
    described: dict[str, Any] = {
        "summary": summary(endpoint.handler),
        "security": SECURITY[endpoint.who],
        "parameters": [parameter(p) for p in endpoint.parameters],
        "responses": responses(endpoint, schemas),
    }
    if endpoint.takes is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[endpoint.takes]}}}
    return described


def responses(endpoint: Endpoint, schemas: dict[Any, Any]) -> dict[str, Any]:
    """Describe what an endpoint answers."""
    if endpoint.gives is None:
        good: dict[str, Any] = {"204": {"description": "Done."}}
    elif isinstance(endpoint.gives, str):
        good = said("The answer.", endpoint.gives)
    else:
        good = said("The answer.", JSON, schemas[endpoint.gives])
    statuses = set(endpoint.refusals) | ({401, 403} if endpoint.who != "anyone" else set())
    if endpoint.who == "reader":
        statuses |= {429, 503}
    return good | {
        str(status): {
            "description": REFUSALS[status],
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for status in sorted(statuses)
    }


def live_operation() -> dict[str, Any]:
    """Describe the WebSocket as far as OpenAPI can."""
    return {
        "summary": "WebSocket: newly stored events as text frames",
        "description": 'Frames: `{"type":"ready"}` first, then `{"type":"event","event":ENVELOPE}`, and '
        '`{"type":"missed","count":N}` to a viewer that was too slow. Gaps that name nobody come to every '
        "viewer. Refused before the upgrade.",
        "security": SECURITY["reader"],
        "parameters": [parameter(p) for p in LIVE_PARAMETERS],
        "responses": {"101": {"description": "The socket is open."}, "403": {"description": REFUSALS[403]}},
    }


def parameter(described: Parameter) -> dict[str, Any]:
    """Describe one parameter."""
    return {
        "name": described.name,
        "in": described.place,
        "required": described.required,
        "description": described.description,
        "schema": {"type": "string"},
    }


def said(description: str, media_type: str, schema: Any = None) -> dict[str, Any]:
    """Describe a good answer."""
    content = {media_type: {"schema": schema} if schema is not None else {}}
    return {"200": {"description": description, "content": content}}


def summary(handler: Any) -> str:
    """Give the first sentence of a handler's docstring."""
    return str(handler.__doc__).partition("\n")[0].rstrip(".")
