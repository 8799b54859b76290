"""The workflow inside a file that a browser holds and cannot read by itself: a film, a sound."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from engine.errors import WorkflowFormatError
from engine.graph.embedded import embedded_texts
from engine.http.answers import json_answer, refuse
from engine.http.part import Part
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services

_BLOCK = 2**18


@route(
    "POST",
    "/workflow/embedded",
    summary="The texts with a workflow in a picture, film, sound or weights file, by key.",
    tag="workflows",
    body="bytes",
    answers={200: dict[str, str]},
)
async def post_embedded(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with `workflow`, `prompt`, `parameters` where the file has them; keep nothing."""
    most_bytes = services.options.max_upload_bytes
    with Part(services.folders.temp) as part:
        async for data in request.content.iter_chunked(_BLOCK):
            await asyncio.to_thread(part.write, data)
            if part.size > most_bytes:
                refuse(413, "too_large", f"the file is longer than {most_bytes} bytes")
        await asyncio.to_thread(part.finish)
        return json_answer(await asyncio.to_thread(_texts, part) or {})


def _texts(part: Part) -> dict[str, str] | None:
    with part.path.open("rb") as file:
        try:
            return embedded_texts(file, "the file")
        except WorkflowFormatError as error:
            refuse(400, error.kind, str(error))
