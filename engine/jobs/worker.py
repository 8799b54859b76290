"""A worker: a process that loads all packs and runs one job after another.

Its server starts it as `python -m engine.jobs.worker SOCKET PAGE SERVER`, with the descriptors of a
connected socket and of a page that both share, and the server's process id. It ends as soon as the
server is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

from engine.jobs.outbox import Outbox
from engine.jobs.protocol import Ask, Frames, Free, RunJob, SetUp, StopJob, decode_order
from engine.jobs.recorder import Recorder
from engine.jobs.workbench import Workbench

_CHUNK = 2**18
_SET_DEATH_SIGNAL = 1
_MORE_LIKELY_KILLED = b"500"
"""When memory runs out the kernel is to end the worker, not the server."""


class Worker:
    """Takes orders in one thread and obeys them in others.

    Args:
        connection: The server.
        recorder: Keeps the node that runs.
    """

    def __init__(self, connection: socket.socket, recorder: Recorder) -> None:
        self._connection = connection
        self._recorder = recorder
        self._orders: SimpleQueue[RunJob | Free] = SimpleQueue()
        self._asked: SimpleQueue[Ask] = SimpleQueue()
        self._stops: dict[str, threading.Event] = {}
        self._frames = Frames()

    def run(self) -> NoReturn:
        """Obey until the server is gone."""
        waiting: list[bytes] = []
        while not waiting:
            waiting += self._frames.feed(self._receive())
        first, *more = waiting
        set_up = decode_order(first)
        if not isinstance(set_up, SetUp):
            raise TypeError(f"the first order is {type(set_up).__name__}")
        for content in more:
            self._take(content)
        threading.Thread(target=self._listen, name="orders", daemon=True).start()
        outbox = Outbox(self._connection, set_up.options.preview_size)
        workbench = Workbench(set_up, outbox, self._recorder)
        outbox.send(workbench.loaded())
        threading.Thread(target=self._answer, args=(workbench, outbox), daemon=True).start()
        while True:
            order = self._orders.get()
            if isinstance(order, RunJob):
                workbench.run(order, self._stops[order.job])
                del self._stops[order.job]
            else:
                workbench.free(order)

    def _listen(self) -> NoReturn:
        while True:
            for content in self._frames.feed(self._receive()):
                self._take(content)

    def _receive(self) -> bytes:
        """Return what the server sends; end the process, whatever it does, when it is gone."""
        content = b""
        with suppress(OSError):
            content = self._connection.recv(_CHUNK)
        if not content:
            # Threads may be in the middle of anything, and nobody is there to hear of it.
            os._exit(0)
        return content

    def _take(self, content: bytes) -> None:
        order = decode_order(content)
        if isinstance(order, RunJob):
            self._stops[order.job] = threading.Event()
            self._orders.put(order)
        elif isinstance(order, StopJob):
            stop = self._stops.get(order.job)
            if stop is not None:
                stop.set()
        elif isinstance(order, Ask):
            self._asked.put(order)
        elif isinstance(order, Free):
            self._orders.put(order)

    def _answer(self, workbench: Workbench, outbox: Outbox) -> NoReturn:
        while True:
            outbox.send(workbench.answer(self._asked.get()))


def main() -> NoReturn:
    """Run a worker for the server that started this process."""
    descriptor, page, server = (int(argument) for argument in sys.argv[1:4])
    # A Ctrl-C in the terminal is the server's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with(server)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(_MORE_LIKELY_KILLED)
    connection = socket.socket(fileno=descriptor)
    connection.set_inheritable(False)
    recorder = Recorder(page)
    os.close(page)
    Worker(connection, recorder).run()


def _end_with(server: int) -> None:
    """Let the kernel end this process with the server, even where no thread of Python can run."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(0)


if __name__ == "__main__":
    main()
