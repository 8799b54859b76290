"""A cheap load generator: HTTP and WebSocket on plain streams, with the bytes counted as sent."""

from __future__ import annotations

import asyncio
import base64
import os
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
LARGEST = 64 * 2**20
TEXT, CLOSE, PING = 1, 8, 9
LONG, LONGER = 126, 127


class Connection:
    """One HTTP connection that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection(HOST, port, limit=LARGEST))

    async def get(self, path: str, *headers: str) -> bytes:
        """Ask for something; return the body as it came, compressed or not."""
        return await self._ask("GET", path, b"", headers)

    async def post(self, path: str, body: Any) -> bytes:
        """Send JSON; return the body of the answer."""
        return await self._ask("POST", path, msgspec.json.encode(body), ())

    def close(self) -> None:
        self._writer.close()

    async def _ask(self, method: str, path: str, body: bytes, headers: tuple[str, ...]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
        self._writer.write("\r\n".join([*lines, *headers, "\r\n"]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        length = head.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0]
        answer = await self._reader.readexactly(int(length))
        if status != 200:
            raise AssertionError(f"{method} {path}: {status}: {answer[:500]!r}")
        return answer


class Listener:
    """One socket of a client.

    Attributes:
        received: Bytes that came since the handshake, frames included.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.received = 0

    @classmethod
    async def open(cls, port: int, client: str) -> Listener:
        """Connect as a client and read the first status."""
        reader, writer = await asyncio.open_connection(HOST, port, limit=LARGEST)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET /ws?clientId={client} HTTP/1.1",
            f"Host: {HOST}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        writer.write("\r\n".join([*lines, "\r\n"]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise AssertionError(f"the server does not open a socket: {head!r}")
        listener = cls(reader, writer)
        await listener.message()
        return listener

    async def message(self) -> Mapping[str, Any]:
        """Return the next message; binary frames are counted and left out."""
        while True:
            kind, payload = await self._frame()
            if kind == TEXT:
                return msgspec.json.decode(payload)
            if kind == CLOSE:
                raise AssertionError("the server closed the socket")

    async def ends(self, count: int) -> None:
        """Wait until so many jobs have ended.

        Raises:
            AssertionError: One of them failed.
        """
        while count:
            message = await self.message()
            if message["type"] == "execution_error":
                raise AssertionError(message["data"])
            count -= message["type"] == "executing" and message["data"]["node"] is None

    async def drain(self) -> None:
        """Read for ever and throw away, as an idle page does."""
        while True:
            await self._frame()

    def close(self) -> None:
        self._writer.close()

    async def _frame(self) -> tuple[int, bytes]:
        head = await self._reader.readexactly(2)
        length, more = head[1] & 127, 0
        if length in (LONG, LONGER):
            more = 2 if length == LONG else 8
            length = int.from_bytes(await self._reader.readexactly(more), "big")
        payload = await self._reader.readexactly(length)
        self.received += 2 + more + length
        if head[0] & 15 == PING:
            # A pong, masked by nothing.
            self._writer.write(bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + payload)
        return head[0] & 15, payload
