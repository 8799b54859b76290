"""`/object_info`: the kinds of nodes with their inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from engine.http.answers import json_text_answer
from engine.http.compression import takes_gzip
from engine.http.routing import route

if TYPE_CHECKING:
    from engine.http.services import Services

_FRESH = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


@route(
    "GET",
    "/object_info",
    summary="Describe all kinds of nodes.",
    tag="nodes",
    answers={200: dict[str, Any], 304: None},
)
async def get_all(request: web.Request, services: Services) -> web.Response:
    """Answer the whole catalogue, compressed where the client takes it and does not know it."""
    text = services.catalogue.all(await services.dispatcher.foreign_catalogue())
    headers = {**_FRESH, "ETag": f'W/"{text.tag}"'}
    if any(known.value in {text.tag, "*"} for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if not takes_gzip(request):
        return json_text_answer(text.plain, headers=headers)
    return json_text_answer(text.zipped, headers={**headers, "Content-Encoding": "gzip"})


@route(
    "GET",
    "/object_info/{node_class}",
    summary="Describe one kind of node; empty for one that does not exist.",
    tag="nodes",
    answers={200: dict[str, Any]},
)
async def get_one(request: web.Request, services: Services) -> web.Response:
    """Answer one kind under its id."""
    name = request.match_info["node_class"]
    known = services.catalogue.one(name)
    if known is None:
        known = await services.dispatcher.object_info(name)
    return json_text_answer(known or b"{}")
