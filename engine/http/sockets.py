"""The clients that listen: who gets which message, each encoded once however many they are."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp import web

LOG = logging.getLogger("engine.http")

MOST_WAITING = 64 * 2**20
"""Bytes that may wait for one slow client before it is cut off and has to come back."""

Frame = tuple[bytes, WSMsgType]
"""The payload of one frame, and whether it is text or binary."""


def text_frame(kind: str, data: Mapping[str, Any]) -> Frame:
    """Return a message of ComfyUI's protocol as a frame."""
    return json.dumps({"type": kind, "data": data}).encode("ascii"), WSMsgType.TEXT


class Socket:
    """One connection; frames leave in the order in which they came.

    Args:
        client: Id that the client chose or was given.
        response: The WebSocket, prepared.
    """

    def __init__(self, client: str, response: web.WebSocketResponse) -> None:
        self.client = client
        self.flags: Mapping[str, Any] = {}
        self.wants_logs = False
        self._response = response
        self._frames: deque[Frame] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()

    def supports(self, flag: str) -> bool:
        """Tell whether the client said that it understands something."""
        return self.flags.get(flag) is True

    def put(self, frame: Frame) -> None:
        """Send a frame as soon as the client takes it."""
        self._frames.append(frame)
        self._waiting += len(frame[0])
        self._wake.set()

    async def write(self) -> None:
        """Send what is put, until cancelled, the connection is gone, or the client is too slow."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._frames:
                if self._waiting > MOST_WAITING:
                    LOG.warning("client %s is too slow and was cut off", self.client)
                    await self._response.close(code=WSCloseCode.TRY_AGAIN_LATER)
                    return
                payload, kind = self._frames.popleft()
                self._waiting -= len(payload)
                await self._response.send_frame(payload, kind)

    async def close(self) -> None:
        """End the connection because the server ends."""
        await self._response.close(code=WSCloseCode.GOING_AWAY)


class Sockets:
    """All connections. One event loop only."""

    def __init__(self) -> None:
        self._by_client: dict[str, Socket] = {}
        self._all: set[Socket] = set()

    def __len__(self) -> int:
        """Return how many connections there are."""
        return len(self._all)

    def add(self, socket: Socket) -> None:
        """Listen; of two connections of one client the newer one gets its messages."""
        self._all.add(socket)
        self._by_client[socket.client] = socket

    def discard(self, socket: Socket) -> None:
        """Listen no more; a newer connection of the same client goes on."""
        self._all.discard(socket)
        if self._by_client.get(socket.client) is socket:
            del self._by_client[socket.client]

    def of(self, client: str | None) -> Iterable[Socket]:
        """Return the connection of a client, if it has one, or all connections for None.

        Of several connections of one client only the newest counts, for None too.
        """
        if client is None:
            return tuple(self._by_client.values())
        found = self._by_client.get(client)
        return () if found is None else (found,)

    def send(self, kind: str, data: Mapping[str, Any], client: str | None = None) -> None:
        """Send a message to one client, or to all.

        Args:
            kind: ComfyUI's `type`.
            data: JSON.
            client: Who gets it; None is everybody.
        """
        found = self.of(client)
        if found:
            frame = text_frame(kind, data)
            for socket in found:
                socket.put(frame)

    def subscribe_logs(self, client: str, *, enabled: bool) -> None:
        """Let a client hear the log, or no more."""
        for socket in self.of(client):
            socket.wants_logs = enabled

    async def close(self) -> None:
        """End all connections."""
        await asyncio.gather(*(socket.close() for socket in self._all))
