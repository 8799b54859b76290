"""What a worker says, sent in few pieces: tiny jobs in one, long ones a hundred times a second."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from engine.jobs.pictures import exact_file, preview_file
from engine.jobs.protocol import Alive, Told, frame, plain
from engine.run import events

if TYPE_CHECKING:
    import socket

    from engine.jobs.messages import Picture
    from engine.jobs.protocol import Word

LOG = logging.getLogger("engine.jobs")

_GATHER_SECONDS = 0.01
_ALIVE_SECONDS = 5.0


class Outbox:
    """Gathers the events of a job and sends them, with the pictures made into files.

    Events wait for at most a hundredth of a second, so that thousands a second cost few frames.
    While a job runs a sign of life goes out now and then.

    Args:
        connection: The server.
        preview_size: Longer side of previews in pixels; None sends them as they are.
    """

    def __init__(self, connection: socket.socket, preview_size: int | None) -> None:
        self._connection = connection
        self._preview_size = preview_size
        self._events: list[events.Event] = []
        self._gathering = False
        self._adding = threading.Lock()
        self._sending = threading.Lock()
        self._wake = threading.Event()
        self._busy = threading.Event()
        threading.Thread(target=self._send_now_and_then, name="outbox", daemon=True).start()
        threading.Thread(target=self._tell_alive, name="alive", daemon=True).start()

    def begin(self) -> None:
        """Note that a job begins."""
        self._busy.set()

    def add(self, event: events.Event) -> None:
        """Take an event of the job that runs; called from any thread."""
        with self._adding:
            self._events.append(event)
            asleep, self._gathering = not self._gathering, True
        if asleep:
            self._wake.set()

    def send(self, *words: Word) -> None:
        """Send what was gathered, and something after it."""
        with self._sending:
            with self._adding:
                told, self._events = self._events, []
            parts = [_framed(Told(job=told[0].job, events=self._with_files(told)))] if told else []
            # Where the server is gone, whoever waits for its orders ends the process.
            with suppress(OSError):
                self._connection.sendall(b"".join([*parts, *map(_framed, words)]))

    def end(self, word: Word) -> None:
        """Send the last of a job."""
        self._busy.clear()
        self.send(word)

    def _send_now_and_then(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            time.sleep(_GATHER_SECONDS)
            with self._adding:
                self._gathering = False
            self.send()

    def _tell_alive(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(_ALIVE_SECONDS)
            if self._busy.is_set():
                self.send(Alive())

    def _with_files(self, told: list[Any]) -> list[Any]:
        """Replace pictures by files; of a node's previews that came at once only the newest."""
        newest: dict[str, int] = {}
        for index, event in enumerate(told):
            if isinstance(event, events.Progress) and event.preview is not None and not event.exact:
                newest[event.node] = index
        return [
            self._with_file(event, keep=event.exact or newest.get(event.node) == index)
            if isinstance(event, events.Progress) and event.preview is not None
            else event
            for index, event in enumerate(told)
        ]

    def _with_file(self, event: events.Progress, *, keep: bool) -> events.Progress:
        picture: Picture | None = None
        try:
            if keep and event.exact:
                picture = exact_file(event.preview)
            elif keep:
                picture = preview_file(event.preview, self._preview_size)
        except (AttributeError, OSError, ValueError) as error:
            LOG.warning("node %s: a preview cannot be sent: %s", event.node, error)
        return msgspec.structs.replace(event, preview=picture)


def _framed(word: Word) -> bytes:
    """Return a word as a frame, whatever packs put into it."""
    try:
        return frame(word)
    except (OverflowError, RecursionError, TypeError, ValueError):
        if isinstance(word, Told):
            return frame(Told(job=word.job, events=[_plain(event) for event in word.events]))
        return frame(_plain(word))


def _plain(said: Any) -> Any:
    """Return an event or a word with whatever may come from packs made plain."""
    fields = {name: getattr(said, name) for name in said.__struct_fields__ if name != "preview"}
    return msgspec.structs.replace(said, **{name: plain(fields[name]) for name in fields})
