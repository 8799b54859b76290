"""`/api/jobs/{id}/events`: everything that happened in a job, for any number of observers.

Messages are numbered from 1. An observer that lost its connection asks for those after the last
one that it has, and misses none; browsers' `EventSource` does so by itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from engine.http.answers import Whole, json_text_answer, read_query, refuse
from engine.http.routing import route
from engine.jobs.history import live_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.http.services import Services
    from engine.jobs.messages import Message

_STREAM = "text/event-stream"
_SILENCE = 15.0
"""Seconds after which a comment shows that the connection is alive."""
_FINAL = {"completed", "failed", "cancelled"}


class EventsPage(msgspec.Struct):
    """From where on.

    Attributes:
        after: Number of the last message that is known; 0 for all.
    """

    after: Whole = 0


class Events(msgspec.Struct):
    """What happened so far.

    Attributes:
        events: Messages as the WebSocket sends them, each with its `sequence`.
        last: Number of the last one; what to ask for next time.
        job: The job as `/api/jobs` lists it, with `percent` and `seconds_left` while it runs.
    """

    events: list[dict[str, Any]]
    last: int
    job: dict[str, Any]


@route(
    "GET",
    "/jobs/{job_id}/events",
    summary="Tell what happened in a job: as JSON so far, or as server-sent events as it happens.",
    tag="events",
    query=EventsPage,
    answers={200: Events, 404: dict},
    api_only=True,
)
async def get_events(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer messages, or stream them to clients that accept `text/event-stream`."""
    job = request.match_info["job_id"]
    after = max(read_query(request, EventsPage).after, 0)
    if await _item(job, services) is None:
        refuse(404, "not_found", "there is no such job", job)
    if _STREAM in request.headers.get("Accept", ""):
        return await _stream(request, services, job, _resumed(request, after))
    messages = await services.log.after(job, after)
    told = {
        "events": [msgspec.Raw(numbered(message)) for message in messages],
        "last": max([after, *(message.sequence for message in messages)]),
        "job": msgspec.Raw(await _item(job, services) or b"{}"),
    }
    return json_text_answer(msgspec.json.encode(told))


def numbered(message: Message) -> bytes:
    """Return a message as JSON with its number."""
    return message.frame[:-1] + b',"sequence":%d}' % message.sequence


async def _stream(
    request: web.Request, services: Services, job: str, after: int
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    response.content_type = _STREAM
    await response.prepare(request)
    arrived = asyncio.Event()
    fresh: list[Message] = []

    def take(of: str, messages: Sequence[Message]) -> None:
        if of == job:
            fresh.extend(message for message in messages if message.sequence)
            arrived.set()

    end = services.log.subscribe(take)
    try:
        with services.sockets.streaming():
            fresh[:0] = await services.log.after(job, after)
            await _follow(response, services, job, (fresh, arrived, after))
    except ConnectionError:
        pass  # the observer is gone, and may come back with the number of its last message
    finally:
        end()
    return response


async def _follow(
    response: web.StreamResponse,
    services: Services,
    job: str,
    inbox: tuple[list[Message], asyncio.Event, int],
) -> None:
    """Write what arrives until the job is over."""
    fresh, arrived, last = inbox
    told: bytes | None = None
    while True:
        arrived.clear()
        batch, fresh[:] = list(fresh), []
        parts: list[bytes] = []
        for message in batch:
            if message.sequence > last:
                last = message.sequence
                parts.append(b"id: %d\ndata: %b\n\n" % (last, numbered(message)))
        item = await _item(job, services) or b"{}"
        over = msgspec.json.decode(item).get("status") in _FINAL and not fresh
        if item != told:
            told = item
            parts.append(b"event: job\ndata: %b\n\n" % item)
        await response.write(b"".join(parts) or b": alive\n\n")
        if over:
            return
        try:
            await asyncio.wait_for(arrived.wait(), _SILENCE)
        except TimeoutError:
            continue


async def _item(job: str, services: Services) -> bytes | None:
    """Return a job as lists show it, or None where there is none."""
    live = services.queue.get(job)
    return await services.queue.history.item(job) if live is None else live_item(live)


def _resumed(request: web.Request, after: int) -> int:
    """Return the number that a browser sends by itself when it comes back, or what was asked."""
    given = request.headers.get("Last-Event-ID", "")
    return int(given) if given.isdecimal() and len(given) < 10 else after  # noqa: PLR2004
