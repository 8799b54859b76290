"""`/ws`: what happens, as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import WSMsgType, web

from engine.errors import WorkflowFormatError
from engine.graph.json_text import mapping, parse_json
from engine.http.answers import Whole, read_query
from engine.http.flags import server_flags
from engine.http.routing import route
from engine.http.sockets import STATUS, Socket

if TYPE_CHECKING:
    from engine.http.services import Services
    from engine.jobs.job import Job

LOG = logging.getLogger("engine.http")
MOST_BYTES = 4 * 2**20
"""Longest message that a client may send."""
LONGEST_CLIENT = 256


class Listening(msgspec.Struct, rename={"client_id": "clientId"}):
    """Who listens, and from where on.

    Attributes:
        client_id: Gets the messages of the jobs that name it; made up when left out.
        job: The job whose messages the client has missed.
        after: Number of the last message that it has; messages carry numbers from then on.
    """

    client_id: str | None = None
    job: str | None = None
    after: Whole | None = None


@route(
    "GET",
    "/ws",
    summary="Open a WebSocket that tells what happens.",
    tag="events",
    query=Listening,
    answers={101: None, 400: dict},
)
async def get_ws(request: web.Request, services: Services) -> web.StreamResponse:
    """Listen until the client goes."""
    asked = read_query(request, Listening)
    # Compressing the same message anew for every client would cost more than it saves here.
    response = web.WebSocketResponse(compress=False, max_msg_size=MOST_BYTES, autoping=False)
    await response.prepare(request)
    client = (asked.client_id or uuid.uuid4().hex)[:LONGEST_CLIENT]
    transport = request.transport
    if not isinstance(transport, asyncio.Transport):  # gone in the meantime
        return response
    socket = Socket(client, response, transport, numbered=asked.after is not None)
    writer = asyncio.create_task(socket.write())
    try:
        await _greet(socket, asked, services)
        await _read(response, socket, services)
    finally:
        services.sockets.discard(socket)
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await writer
    return response


def status(services: Services) -> dict[str, Any]:
    """Return the data of a `status` message."""
    return {"status": {"exec_info": {"queue_remaining": services.queue.remaining}}}


async def _greet(socket: Socket, asked: Listening, services: Services) -> None:
    """Say how things stand, then what the client missed; nothing live comes before that."""
    socket.hold()
    services.sockets.add(socket)
    socket.say(STATUS, {**status(services), "sid": socket.client})
    missed: list[Any] = []
    if asked.after is not None and asked.job:
        missed = await services.log.after(asked.job, max(asked.after, 0))
    else:
        await _tell_node(socket, services)
    socket.release(asked.job or "", missed)


async def _tell_node(socket: Socket, services: Services) -> None:
    """Tell a client that comes back which node of its job runs."""
    for job in services.queue.running():
        if job.submission.client_id == socket.client:
            node = await _current_node(job, services)
            if node is not None:
                socket.say("executing", {"node": node})


async def _current_node(job: Job, services: Services) -> str | None:
    messages = await services.log.after(job.id, 0)
    told = (message.frame for message in reversed(messages) if message.type == "executing")
    frame = next(told, None)
    data = {} if frame is None else mapping(mapping(msgspec.json.decode(frame)).get("data"))
    return data.get("display_node")


async def _read(response: web.WebSocketResponse, socket: Socket, services: Services) -> None:
    """Take what the client says: its feature flags, if they are the first that it says."""
    first = True
    async for message in response:
        if message.type is WSMsgType.PING:
            await response.pong(message.data)
        elif message.type is WSMsgType.PONG:
            socket.hear_echo(message.data)
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            said = mapping(parse_json(message.data, "the message"))
        except WorkflowFormatError as error:
            LOG.warning("client %r sent no JSON: %s", socket.client, error)
            continue
        if first and said.get("type") == "feature_flags":
            socket.flags = mapping(said.get("data"))
            socket.say("feature_flags", server_flags(services.options))
        first = False
