"""`/object_info`: the kinds of nodes with their inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.http.answers import json_text_answer
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services

_FRESH = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


@route(
    "GET",
    "/object_info",
    summary="Describe all kinds of nodes.",
    tag="nodes",
    answers={200: dict[str, Any]},
)
async def get_all(request: web.Request, services: Services) -> web.Response:
    """Answer the whole catalogue, compressed where the client takes it."""
    text = services.catalogue.all(await services.dispatcher.foreign_catalogue())
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return json_text_answer(text.plain, headers=_FRESH)
    return json_text_answer(text.zipped, headers={**_FRESH, "Content-Encoding": "gzip"})


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
