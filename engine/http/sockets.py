"""The clients that listen: who gets which message, each encoded once however many they are."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode

from engine.http.gate import Gate
from engine.http.ws_frame import ping_frame, whole_frame
from engine.jobs.messages import text_frame

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from aiohttp import web

    from engine.jobs.messages import Message

LOG = logging.getLogger("engine.http")

MOST_WAITING = 64 * 2**20
"""Bytes that may wait for one slow client before it is cut off and has to come back."""
_FULL = 2**20
"""Bytes in the connection's own buffer from which on frames wait here."""
_PATIENCE = 0.02
_FAREWELL = 1.0
"""Seconds that a client has to say goodbye."""
STATUS = "status"
_BREATH = 0.0005
"""Seconds in which the answer to a submission has left."""
_ECHO = 0.05
"""Seconds that a client has to answer a ping; one that took longer is asked again when it has."""
_CROWDED = 16
"""From so many waiting frames on, a client gets the newest of several states only."""


class Socket:
    """One connection; frames leave in the order in which they came.

    Args:
        client: Id that the client chose or was given.
        response: The WebSocket, prepared and without compression.
        transport: What it writes to.
        numbered: Messages carry their sequence numbers.

    Attributes:
        spoken: When something was last sent, on the monotonic clock.
    """

    def __init__(
        self,
        client: str,
        response: web.WebSocketResponse,
        transport: asyncio.Transport,
        *,
        numbered: bool = False,
    ) -> None:
        self.client = client
        self.numbered = numbered
        self.wants_logs = False
        self.spoken = 0.0
        self.flags: Mapping[str, Any] = {}
        self._response = response
        self._transport = transport
        self._frames: deque[tuple[bytes, str]] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._gate = Gate(self._put)
        self._held: list[tuple[str, Message]] | None = None
        self._pings = 0
        self._answers_pings = True
        self._echoes: deque[tuple[int, asyncio.Future[None]]] = deque()

    def supports(self, flag: str | None) -> bool:
        """Tell whether the client said that it understands something."""
        return flag is not None and self.flags.get(flag) is True

    def put(self, frame: bytes, type: str) -> None:  # noqa: A002 - the word of the wire
        """Send a whole frame as soon as the client takes it.

        Args:
            frame: From `whole_frame`.
            type: What it is: a `status` replaces the one before where the client is slow.
        """
        self._gate.put(frame, type)

    def _put(self, frame: bytes, type: str) -> None:  # noqa: A002
        if len(self._frames) > _CROWDED and type == STATUS == self._frames[-1][1]:
            self._waiting -= len(self._frames.pop()[0])
        self._frames.append((frame, type))
        self._waiting += len(frame)
        self.spoken = time.monotonic()
        self._wake.set()

    def say(self, type: str, data: Mapping[str, Any]) -> None:  # noqa: A002
        """Send a message of ComfyUI's protocol."""
        self.put(whole_frame(text_frame(type, data)), type)

    def put_message(self, job: str, message: Message, frame: bytes | None = None) -> None:
        """Send a message about a job, unless the client does not take this kind.

        Args:
            job: Its id.
            message: The message.
            frame: The message as a frame, where that is known.
        """
        if self._held is not None:
            self._held.append((job, message))
            return
        if message.only_with is not None and not self.supports(message.only_with):
            return
        if self.supports(message.only_without):
            return
        if self.numbered and message.sequence:
            text = message.frame[:-1] + b',"sequence":%d}' % message.sequence
            frame = whole_frame(text)
        self._gate.put(frame or frame_of(message), message.type, job)

    def expect(self, job: str) -> None:
        """Hold back what is about a job until `tell` lets go of it."""
        self._gate.close(job)

    async def tell(self, job: str) -> None:
        """Let go of what is about a job when the client has had time to take in an answer."""
        try:
            await asyncio.sleep(_BREATH)
            await self._echo()
        finally:
            self._gate.open(job)

    async def _echo(self) -> None:
        """Wait until the client answers a ping, for a moment at most."""
        if not self._answers_pings:
            return
        self._pings += 1
        echo: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._echoes.append((self._pings, echo))
        self._put(ping_frame(self._pings), "ping")
        try:
            async with asyncio.timeout(_ECHO):
                await echo
        except TimeoutError:
            self._answers_pings = False

    def hear_echo(self, payload: bytes) -> None:
        """Take a pong; it answers all pings up to the one whose number it carries."""
        self._answers_pings = True
        number = int.from_bytes(payload[:8], "big")
        while self._echoes and self._echoes[0][0] <= number:
            _, echo = self._echoes.popleft()
            if not echo.done():
                echo.set_result(None)

    def hold(self) -> None:
        """Keep messages about jobs until `release`, so that older ones can go before them."""
        self._held = []

    def release(self, job: str, older: Sequence[Message]) -> None:
        """Send what a client missed, then what was held, each message once."""
        held, self._held = self._held or [], None
        last = max((message.sequence for message in older), default=0)
        for message in older:
            self.put_message(job, message)
        for name, message in held:
            if name != job or message.sequence == 0 or message.sequence > last:
                self.put_message(name, message)

    async def write(self) -> None:
        """Send what is put, until cancelled, or the client is gone or too slow."""
        while not self._transport.is_closing():
            await self._wake.wait()
            self._wake.clear()
            # The protocol that hears of room in the buffer belongs to aiohttp.
            while self._behind() > _FULL and not self._cut_off():  # noqa: ASYNC110
                await asyncio.sleep(_PATIENCE)
            # Everything that waits leaves in one system call.
            self._transport.write(b"".join(frame for frame, _ in self._frames))
            self._frames.clear()
            self._waiting = 0
            self._cut_off()

    def _behind(self) -> int:
        return self._transport.get_write_buffer_size()

    def _cut_off(self) -> bool:
        """End the connection where too much waits; returns whether it has ended."""
        if self._behind() + self._waiting > MOST_WAITING and not self._transport.is_closing():
            LOG.warning("client %r is too slow and was cut off", self.client)
            self._transport.abort()
        return self._transport.is_closing()

    async def close(self) -> None:
        """End the connection because the server ends, whether or not the client listens."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._response.close(code=WSCloseCode.GOING_AWAY)
        self._transport.abort()


class Sockets:
    """All connections. One event loop only."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Task[Any]] = set()
        self._expecting: set[asyncio.Task[None]] = set()
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
        """Return the connection of a client, if it has one, or that of every client for None."""
        if client is None:
            return self._by_client.values()
        found = self._by_client.get(client)
        return () if found is None else (found,)

    def send(
        self,
        type: str,  # noqa: A002 - the word of the wire
        data: Mapping[str, Any],
        client: str | None = None,
    ) -> None:
        """Send a message to one client, or to all.

        Args:
            type: ComfyUI's `type`.
            data: JSON.
            client: Who gets it; None is everybody.
        """
        self._put(self.of(client), type, data)

    def remind(self, type: str, data: Mapping[str, Any], silence: float) -> None:  # noqa: A002
        """Send a message to those who heard nothing for some seconds."""
        before = time.monotonic() - silence
        self._put([one for one in self._by_client.values() if one.spoken <= before], type, data)

    def deliver(self, job: str, messages: Sequence[Message]) -> None:
        """Send messages about a job to whom they are for; `EventLog` calls this."""
        for message in messages:
            if message.client is None and not message.broadcast:
                continue
            frame: bytes | None = None
            for socket in self.of(message.client):
                frame = frame or frame_of(message)
                socket.put_message(job, message, frame)

    def expect(self, job: str, client: str | None) -> None:
        """Let a client take in the answer to its submission before it hears of the job.

        Args:
            job: A new job.
            client: Who submitted it.
        """
        for socket in () if client is None else self.of(client):
            socket.expect(job)
            task = asyncio.create_task(socket.tell(job))
            self._expecting.add(task)
            task.add_done_callback(self._expecting.discard)

    def subscribe_logs(self, client: str, *, enabled: bool) -> None:
        """Let a client hear the log, or no more."""
        for socket in self.of(client):
            socket.wants_logs = enabled

    def send_logs(self, data: Mapping[str, Any]) -> None:
        """Send lines of the log to those who want them."""
        listening = [socket for socket in self._by_client.values() if socket.wants_logs]
        self._put(listening, "logs", data)

    @contextlib.contextmanager
    def streaming(self) -> Generator[None]:
        """Let the current request, which has no end of its own, end with the server."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("outside of a task")
        self._streams.add(task)
        try:
            yield
        finally:
            self._streams.discard(task)

    async def close(self) -> None:
        """End all connections."""
        for task in (*self._streams, *self._expecting):
            task.cancel()
        await asyncio.gather(*(socket.close() for socket in self._all))

    def _put(self, sockets: Iterable[Socket], type: str, data: Mapping[str, Any]) -> None:  # noqa: A002
        frame: bytes | None = None
        for socket in sockets:
            frame = frame or whole_frame(text_frame(type, data))
            socket.put(frame, type)


def frame_of(message: Message) -> bytes:
    """Return a message about a job as a frame."""
    return whole_frame(message.frame, binary=message.binary)
