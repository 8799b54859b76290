"""A client as people write them: a socket that listens, and requests beside it."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

Api = dict[str, dict[str, Any]]
WITH_PREVIEWS = {"supports_preview_metadata": True}
SECONDS = 30.0

_numbers = itertools.count(1000)


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    """Return one node of API JSON."""
    return {"class_type": kind, "inputs": inputs}


def chain(value: int) -> Api:
    """Return a graph of `wire_pack`: a number, plus one, two steps with previews, shown."""
    return {
        "1": node("WireNumber", value=value),
        "2": node("WireAdd", value=["1", 0], more=1),
        "3": node("WireSteps", value=["2", 0], steps=2),
        "4": node("WireShow", value=["3", 0]),
    }


def fresh() -> int:
    """Return a number that no job had before, so that nothing is in the cache."""
    return next(_numbers)


class Address(Protocol):
    """A server that is up, whichever way it was started."""

    url: str


@dataclass
class Listener:
    """A client that is connected.

    Attributes:
        frames: What it heard: type and data of text, number and bytes of binary frames.
    """

    site: Address
    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    client: str | None
    frames: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    async def hear(self) -> tuple[str, Any]:
        """Return the next message."""
        frame = await self.socket.receive(SECONDS)
        if frame.type is aiohttp.WSMsgType.BINARY:
            heard: tuple[str, Any] = (f"binary {frame.data[3]}", frame.data[4:])
        else:
            assert frame.type is aiohttp.WSMsgType.TEXT, frame
            message = json.loads(frame.data)
            heard = (message["type"], message["data"])
        self.frames.append(heard)
        return heard

    async def until(self, type_: str, **data: Any) -> dict[str, Any]:
        """Listen until a message of a type with some data; returns its data."""
        while True:
            kind, said = await self.hear()
            if kind == type_ and all(said.get(name) == value for name, value in data.items()):
                return said

    async def post(self, path: str, body: Any = None) -> Any:
        """Post JSON; returns the answer's JSON, or None for an empty one."""
        content = b"" if body is None else json.dumps(body).encode()
        async with self.session.post(self.site.url.rstrip("/") + path, data=content) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return json.loads(text) if text else None

    async def get(self, path: str) -> Any:
        """Return the JSON of a path."""
        async with self.session.get(self.site.url.rstrip("/") + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def submit(self, graph: Api, **body: Any) -> str:
        """Queue a graph; returns the job's id."""
        named = {} if self.client is None else {"client_id": self.client}
        return (await self.post("/prompt", {"prompt": graph, **named, **body}))["prompt_id"]

    async def run(self, graph: Api, **body: Any) -> str:
        """Queue a graph and listen until it has ended; returns the job's id."""
        id_ = await self.submit(graph, **body)
        await self.until("executing", node=None, prompt_id=id_)
        return id_

    async def entry(self, id_: str) -> dict[str, Any]:
        """Return what the history has of a job."""
        return (await self.get(f"/history/{id_}"))[id_]

    def told(self) -> list[str]:
        """Return what was heard since the last time, each message as a short text."""
        frames, self.frames = self.frames, []
        return [_short(*frame) for frame in frames]

    def data(self, type_: str) -> list[Any]:
        """Return the data of the messages of one type."""
        return [data for kind, data in self.frames if kind == type_]


@contextlib.asynccontextmanager
async def listening(
    site: Address, client: str | None = "me", *, flags: Any = None, query: str = ""
) -> AsyncIterator[Listener]:
    """Connect as a client, and hear the greeting."""
    url = f"{site.url}ws?{query}" + ("" if client is None else f"&clientId={client}")
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        listener = Listener(site, session, socket, client)
        await listener.until("status")
        if flags is not None:
            await socket.send_str(json.dumps({"type": "feature_flags", "data": flags}))
            await listener.until("feature_flags")
        listener.frames.clear()
        yield listener


def _short(type_: str, data: Any) -> str:
    """Write a message in the short form of this module's tests."""
    match type_:
        case "status":
            text = f"status {data['status']['exec_info']['queue_remaining']}"
        case "progress_state":
            nodes = [f"{id_} {_state(one)}" for id_, one in data["nodes"].items()]
            text = f"state: {', '.join(nodes)}"
        case "progress":
            text = f"progress {data['node']} {data['value']:g}/{data['max']:g}"
        case "execution_cached":
            text = f"cached {data['nodes']}"
        case "executing" | "executed":
            text = f"{type_} {data['node']}"
        case "execution_error":
            text = f"error in {data['node_id']}"
        case "execution_interrupted":
            text = f"interrupted in {data['node_id']}"
        case _:
            text = type_
    return text


def _state(node_: dict[str, Any]) -> str:
    if node_["state"] == "finished":
        return "done"
    return f"{node_['value']:g}/{node_['max']:g}"
