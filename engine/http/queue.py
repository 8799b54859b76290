"""`/queue`: what waits and runs; take away, move, hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from engine.http.answers import empty_answer, json_text_answer, read_body, refuse
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


class QueueState(msgspec.Struct):
    """Jobs as `[number, prompt_id, prompt, extra_data, outputs_to_execute]`.

    Attributes:
        queue_running: What runs now.
        queue_pending: What waits, in the order in which it will run.
        paused: Nothing is begun until the queue is resumed.
    """

    queue_running: list[Any]
    queue_pending: list[Any]
    paused: bool = False


class Move(msgspec.Struct):
    """Another place for a job that waits; `before` counts where both are given.

    Attributes:
        id: The job.
        before: Id of the job that it shall run before; null for the end.
        number: Its new place; smaller is earlier.
    """

    id: str
    before: str | msgspec.UnsetType | None = msgspec.UNSET
    number: float | msgspec.UnsetType = msgspec.UNSET


class QueueChange(msgspec.Struct):
    """What to do, in this order.

    Attributes:
        clear: Take away everything that waits.
        delete: Ids of waiting jobs to take away; unknown ones are passed over.
        move: Give a waiting job another place.
        pause: Begin no further job, or go on; it outlives a restart.
    """

    clear: bool = False
    delete: list[str] = []
    move: Move | None = None
    pause: bool | None = None


@route(
    "GET",
    "/queue",
    summary="Show what runs and what waits.",
    tag="queue",
    answers={200: QueueState},
)
async def get_queue(_: web.Request, services: Services) -> web.Response:
    """Answer the jobs."""
    queue = services.queue
    state = {
        "queue_running": [job.item() for job in queue.running()],
        "queue_pending": [job.item() for job in queue.waiting()],
        "paused": queue.paused,
    }
    return json_text_answer(msgspec.json.encode(state))


@route(
    "POST",
    "/queue",
    summary="Take away jobs that wait, move one, hold the queue or let it go on.",
    tag="queue",
    body=QueueChange,
    answers={200: None, 400: dict, 404: dict},
)
async def post_queue(request: web.Request, services: Services) -> web.Response:
    """Change the queue."""
    change = await read_body(request, QueueChange)
    queue = services.queue
    if change.clear:
        await queue.clear()
    if change.delete:
        await queue.remove(change.delete)
    if change.move is not None:
        await _move(change.move, services)
    if change.pause is not None:
        await (queue.pause() if change.pause else queue.resume())
    return empty_answer()


async def _move(move: Move, services: Services) -> None:
    """Move a job.

    Raises:
        RefusedError: 400 or 404, no place is given, or there is no such job that waits.
    """
    place = move.before if move.before is not msgspec.UNSET else move.number
    if place is msgspec.UNSET:
        refuse(400, "invalid_body", "a move needs before or number")
    if isinstance(place, float) and not math.isfinite(place):
        refuse(400, "invalid_body", "number is not a number", str(place))
    if not await services.queue.move(move.id, place):
        refuse(404, "not_found", "no such job waits", move.id)
