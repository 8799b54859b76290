"""`/interrupt` and `/free`: stop what runs, give memory back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.graph.json_text import mapping
from engine.http.answers import RefusedError, empty_answer, read_body, read_json
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


class Interruption(msgspec.Struct):
    """What to stop.

    Attributes:
        prompt_id: Only this job, if it runs; whatever runs when left out.
    """

    prompt_id: str | None = None


class Freeing(msgspec.Struct):
    """What to give back once nothing runs.

    Attributes:
        unload_models: Weights that are held on a device or in memory.
        free_memory: Kept results too; implies the weights.
    """

    unload_models: bool = False
    free_memory: bool = False


@route(
    "POST",
    "/interrupt",
    summary="Stop what runs; a body that cannot be read stops whatever runs.",
    tag="queue",
    body=Interruption,
    answers={200: None},
)
async def post_interrupt(request: web.Request, services: Services) -> web.Response:
    """Stop a job, or all that run."""
    try:
        wanted = mapping(await read_json(request)).get("prompt_id")
    except RefusedError:
        wanted = None
    await services.dispatcher.interrupt(str(wanted) if wanted else None)
    return empty_answer()


@route(
    "POST",
    "/free",
    summary="Give back memory: weights, kept results.",
    tag="queue",
    body=Freeing,
    answers={200: None, 400: dict},
)
async def post_free(request: web.Request, services: Services) -> web.Response:
    """Pass on what to free."""
    freeing = await read_body(request, Freeing)
    await services.dispatcher.free(
        unload_models=freeing.unload_models, free_memory=freeing.free_memory
    )
    return empty_answer()
