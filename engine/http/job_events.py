"""`/api/jobs/{id}/events`: everything that happened in a job, for any number of observers.

Messages are numbered from 1. An observer that lost its connection asks for those after the last
one that it has, and misses none; browsers' `EventSource` does so by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from engine.http.answers import Whole, empty_answer, json_text_answer, read_query, refuse
from engine.http.routing import route
from engine.http.sockets import MOST_WAITING
from engine.jobs.history import live_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.http.services import Services
    from engine.jobs.messages import Message

LOG = logging.getLogger("engine.http")

_STREAM = "text/event-stream"
_LAST = "Last-Event-ID"
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
    answers={200: Events, 204: None, 404: dict},
    api_only=True,
)
async def get_events(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer messages, or stream them to clients that accept `text/event-stream`."""
    job = request.match_info["job_id"]
    after = max(read_query(request, EventsPage).after, 0)
    if await _item(job, services) is None:
        refuse(404, "not_found", "there is no such job", job)
    if _STREAM in request.headers.get("Accept", "") and request.method == "GET":
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


class _Inbox:
    """What one observer has not been sent yet.

    Args:
        job: The only job that counts.
        after: Number of the last message that the observer has.
        transport: Is cut off where more waits than an observer may leave lying.
    """

    def __init__(self, job: str, after: int, transport: asyncio.BaseTransport | None) -> None:
        self.arrived = asyncio.Event()
        self._job = job
        self._last = after
        self._transport = transport
        self._waiting: list[Message] = []
        self._bytes = 0

    def __bool__(self) -> bool:
        """Tell whether something waits."""
        return bool(self._waiting)

    def take(self, job: str, messages: Sequence[Message]) -> None:
        """Note messages as they come; `EventLog` calls this."""
        if job != self._job:
            return
        self._waiting += [message for message in messages if message.sequence]
        self._bytes += sum(len(message.frame) for message in messages if message.sequence)
        self.arrived.set()
        if self._bytes > MOST_WAITING and isinstance(self._transport, asyncio.Transport):
            LOG.warning("an observer of job %r is too slow and was cut off", job)
            self._transport.abort()
            self._waiting.clear()

    def precede(self, messages: Sequence[Message]) -> None:
        """Put those that the observer missed before what came meanwhile."""
        self._waiting[:0] = messages

    def take_out(self) -> list[bytes]:
        """Return what waits as events, each message once."""
        parts: list[bytes] = []
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        for message in waiting:
            if message.sequence > self._last:
                self._last = message.sequence
                parts.append(b"id: %d\ndata: %b\n\n" % (self._last, numbered(message)))
        return parts


async def _stream(
    request: web.Request, services: Services, job: str, after: int
) -> web.StreamResponse:
    inbox = _Inbox(job, after, request.transport)
    end = services.log.subscribe(inbox.take)
    try:
        missed = await services.log.after(job, after)
        if _LAST in request.headers and not missed and _is_over(await _item(job, services)):
            return empty_answer(204)  # so that a browser does not come back again and again
        inbox.precede(missed)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        response.content_type = _STREAM
        await response.prepare(request)
        with services.sockets.streaming(), contextlib.suppress(ConnectionError):
            # An observer that is gone may come back with the number of its last message.
            await _follow(response, services, job, inbox)
        return response
    finally:
        end()


async def _follow(
    response: web.StreamResponse, services: Services, job: str, inbox: _Inbox
) -> None:
    """Write what arrives until the job is over, or not there any more."""
    told: bytes | None = None
    while True:
        inbox.arrived.clear()
        parts = inbox.take_out()
        item = await _item(job, services)
        over = _is_over(item) and not inbox
        if item is not None and item != told:
            told = item
            parts.append(b"event: job\ndata: %b\n\n" % item)
        await response.write(b"".join(parts) or b": alive\n\n")
        if over:
            return
        try:
            await asyncio.wait_for(inbox.arrived.wait(), _SILENCE)
        except TimeoutError:
            continue


def _is_over(item: bytes | None) -> bool:
    """Tell whether nothing can follow: the job has ended, or was taken away."""
    return item is None or msgspec.json.decode(item).get("status") in _FINAL


async def _item(job: str, services: Services) -> bytes | None:
    """Return a job as lists show it, or None where there is none."""
    live = services.queue.get(job)
    return await services.queue.history.item(job) if live is None else live_item(live)


def _resumed(request: web.Request, after: int) -> int:
    """Return the number that a browser sends by itself when it comes back, or what was asked."""
    given = request.headers.get(_LAST, "")
    return int(given) if given.isdecimal() and len(given) < 10 else after  # noqa: PLR2004
