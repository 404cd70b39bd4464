"""A student's files, their versions, and contents."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.answers import answer
from jcode_watcher.analytics.api.query import required, selection_of
from jcode_watcher.analytics.errors import NotFound
from jcode_watcher.analytics.services import services_of
from jcode_watcher.analytics.store.contents import content_of
from jcode_watcher.analytics.store.files import FileRow, VersionRow, files_of, versions_of
from jcode_watcher.analytics.store.timeline import Selection

SHA256 = re.compile(r"[0-9a-f]{64}")


class Files(msgspec.Struct):
    """Answer of `GET /v1/files`."""

    files: list[FileRow]


class Versions(msgspec.Struct):
    """Answer of `GET /v1/versions`."""

    versions: list[VersionRow]


async def get_files(request: Request) -> Response:
    """List every file ever seen in an assignment."""
    services = services_of(request)
    services.access.reader(request)
    selection = assignment_of(request)
    return answer(Files(await services.store.read(lambda store: files_of(store, selection))))


async def get_versions(request: Request) -> Response:
    """List every save under a path, oldest first."""
    services = services_of(request)
    services.access.reader(request)
    selection = assignment_of(request)
    path = required(request, "path")
    return answer(Versions(await services.store.read(lambda store: versions_of(store, selection, path))))


def assignment_of(request: Request) -> Selection:
    """Read which student's assignment is asked for."""
    return selection_of(request)._replace(
        student=required(request, "student"), assignment=required(request, "assignment")
    )


async def get_content(request: Request) -> Response:
    """Give the exact bytes that hash to a SHA-256."""
    services = services_of(request)
    services.access.reader(request)
    sha256 = request.path_params["sha256"]
    if not SHA256.fullmatch(sha256):
        raise NotFound(f"{sha256!r} is no SHA-256; give 64 hexadecimal digits, lower case")
    content = await services.store.read(lambda store: content_of(store, sha256))
    if content is None:
        raise NotFound(f"no content with SHA-256 {sha256} is kept")
    return Response(content, media_type="application/octet-stream")
