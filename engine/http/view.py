"""`/view`: pictures and other results, as they are, small, or one channel of them."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING

import msgspec
from aiohttp import ETag, web

from engine.errors import FileProblemError
from engine.http import pictures
from engine.http.answers import Whole, read_query, refuse
from engine.http.file_answer import HARMLESS, disposition, file_answer
from engine.http.media_type import OCTETS, RASTER, media_type
from engine.http.routing import route
from engine.http.user_path import annotated, existing, joined, special_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.files import Folders
    from engine.http.services import Services

_QUALITY = 90
_ASSET = "blake3:"
_FRESH = "no-cache"


class ViewQuery(msgspec.Struct, frozen=True):
    """What is looked at.

    Attributes:
        filename: Name of the file; of a path only its last part counts. `cat.png [input]` works.
        type: `output`, `input` or `temp`.
        subfolder: Folder beneath that.
        preview: `webp;90` or `jpeg;90`: a small version of that quality.
        size: Longer side of that version in pixels at most; 0 keeps the size.
        channel: `rgba`, `rgb` without transparency, `a` for nothing but transparency.
    """

    filename: str = ""
    type: str = "output"
    subfolder: str = ""
    preview: str = ""
    size: Whole = 0
    channel: str = ""


@route(
    "GET",
    "/view",
    summary="Look at a picture, a video or another file.",
    tag="files",
    query=ViewQuery,
    answers={200: "*/*", 206: "*/*", 304: None},
)
async def view(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file, or with what is drawn from it."""
    query = read_query(request, ViewQuery)
    path = viewed(services.folders, query)
    drawn = _drawing(path, query)
    if drawn is None:
        return _raw(request, path)
    form, draw = drawn
    stat = path.stat()
    asked = f"{query.preview} {query.size} {query.channel}"
    facts = f"{stat.st_mtime_ns} {stat.st_size} {asked}"
    etag = ETag(hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:32])
    answer = web.Response(
        content_type=f"image/{form}",
        headers={
            "Content-Disposition": disposition(path.name, download=False),
            "Cache-Control": _FRESH,
            **HARMLESS,
        },
    )
    answer.etag = etag
    if any(known.value in {etag.value, "*"} for known in request.if_none_match or ()):
        answer.set_status(304)
        return answer
    async with services.drawing:
        answer.body = await asyncio.to_thread(draw)
    return answer


def viewed(folders: Folders, query: ViewQuery) -> Path:
    """Return the file that a query means.

    Raises:
        RefusedError: 400, the name or the kind of folder is wrong.
        PathEscapeError: The path leaves its folder.
        FileProblemError: There is no such file.
    """
    name, kind = annotated(query.filename, query.type)
    if not name or name.startswith(_ASSET):
        raise FileProblemError("there is no such file", got=repr(name))
    if name.startswith("/") or ".." in name:
        refuse(400, "invalid_path", "a file name has no way out of its folder")
    root = special_root(folders, kind)
    if root is None:
        refuse(400, "invalid_type", "the type is input, output or temp", kind[:100])
    base = name.replace("\\", "/").rpartition("/")[2]
    return existing(root, joined(query.subfolder, base))


def _drawing(path: Path, query: ViewQuery) -> tuple[str, Callable[[], bytes]] | None:
    """Return the format and the making of what is drawn; None where the file goes out as it is."""
    if path.suffix.lower() not in RASTER:
        return None
    if query.preview:
        wanted, _, quality = query.preview.partition(";")
        form = "jpeg" if wanted == "jpeg" and "a" not in query.channel else "webp"
        number = int(quality) if re.fullmatch("[0-9]{1,3}", quality) else _QUALITY
        return form, lambda: pictures.preview(
            path,
            form=form,
            quality=min(max(number, 1), 100),
            opaque=query.channel == "rgb",
            side=query.size if query.size > 0 else None,
        )
    if query.channel == "rgb":
        return "png", lambda: pictures.without_alpha(path)
    if query.channel == "a":
        return "png", lambda: pictures.only_alpha(path)
    return None


def _raw(request: web.Request, path: Path) -> web.StreamResponse:
    answer = file_answer(path)
    if media_type(path) == OCTETS:
        # Pages show an SVG as a picture, where its scripts are dead; nobody opens it as a page.
        if path.suffix.lower() == ".svg" and request.headers.get("Sec-Fetch-Dest") == "image":
            answer.headers["Content-Type"] = "image/svg+xml"
            answer.headers["Content-Disposition"] = disposition(path.name, download=False)
        answer.headers["Vary"] = "Sec-Fetch-Dest"
        answer.headers["Cache-Control"] = "no-store"
    else:
        answer.headers["Cache-Control"] = _FRESH
    return answer
