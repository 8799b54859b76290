"""A worker as its server sees it: a process at the other end of a pair of sockets."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from engine.jobs.protocol import Alive, Answer, Frames, decode_word, frame
from engine.jobs.recorder import Recorder, new_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.jobs.protocol import AnyWord, Order

LOG = logging.getLogger("engine.jobs")
OUTPUT = logging.getLogger("engine.worker")

_PACKAGES = str(Path(__file__).resolve().parents[2])
_CHUNK = 2**16
_LINES = re.compile(rb"[\r\n]+")
_LONGEST_LINE = 10_000


class Died(msgspec.Struct, frozen=True):
    """A worker's process has ended.

    Attributes:
        reason: Why, in words.
        node: Id of the node that ran, or empty.
    """

    reason: str
    node: str


class WorkerProcess(asyncio.Protocol):
    """One process. It is made by `start`.

    Attributes:
        pid: Its process id.
        words: What it says, in order; `Died` is the last. Answers and signs of life are not here.
        last_sign: When it last said anything, in seconds of the loop's clock.
    """

    def __init__(self, process: asyncio.subprocess.Process, recorder: Recorder) -> None:
        self.pid = process.pid
        self.words: asyncio.Queue[AnyWord | Died] = asyncio.Queue()
        self.last_sign = 0.0
        self._process = process
        self._recorder = recorder
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._transport: asyncio.WriteTransport | None = None
        self._answers: dict[int, asyncio.Future[bytes]] = {}
        self._verdict: str | None = None
        self._ending: asyncio.Task[None] | None = None
        self._output = asyncio.create_task(self._pass_on_output())

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> Self:
        """Start a process.

        Args:
            environment: Variables besides those of this process.

        Raises:
            OSError: The machine cannot start one.
        """
        ours, theirs = socket.socketpair()
        page = new_page()
        passed = (theirs.fileno(), page)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "engine.jobs.worker",
                *map(str, (*passed, os.getpid())),
                pass_fds=passed,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, **_python(), **environment},
            )
            recorder = Recorder(page)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(page)
        worker = cls(process, recorder)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        return worker

    @property
    def alive(self) -> bool:
        """Orders reach the process."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection; called by the loop."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - sockets are writable
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what the process says; called by the loop."""
        self.last_sign = self._loop.time()
        for content in self._frames.feed(data):
            word = decode_word(content)
            if isinstance(word, Answer):
                self._take_answer(word)
            elif not isinstance(word, Alive):
                self.words.put_nowait(word)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the process is about to end, or has ended; called by the loop."""
        del exc
        self._ending = asyncio.create_task(self._end())

    def say(self, order: Order) -> None:
        """Send an order; one to a process that has ended goes nowhere."""
        if self._transport is not None and self.alive:
            self._transport.write(frame(order))

    def ask(self, number: int) -> asyncio.Future[bytes]:
        """Return a future for the answer to a question.

        It raises a `ConnectionError` when the process ends, and a `RuntimeError` when the worker
        cannot answer.
        """
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._answers[number] = answer
        if self._ending is not None:
            self._fail_answers()
        return answer

    def kill(self, why: str | None = None) -> None:
        """End the process at once.

        Args:
            why: The reason, where it is not to be guessed from how the process ended.
        """
        self._verdict = self._verdict or why
        try:
            self._process.kill()
        except ProcessLookupError:
            LOG.debug("worker %s has ended already", self.pid)

    async def close(self) -> None:
        """End the process and wait until it is gone."""
        self.kill("the server stopped")
        if self._transport is not None:
            self._transport.close()
        await self._process.wait()
        if self._ending is not None:
            await self._ending
        await self._output

    def _take_answer(self, answer: Answer) -> None:
        waiting = self._answers.pop(answer.number, None)
        if waiting is None or waiting.done():
            return
        if answer.error is None:
            waiting.set_result(answer.content)
        else:
            waiting.set_exception(RuntimeError(answer.error))

    async def _end(self) -> None:
        """Wait for the end of the process, and say why it ended."""
        if self._transport is not None:
            self._transport.close()
        try:
            await asyncio.wait_for(self._process.wait(), timeout=5.0)
        except TimeoutError:
            self.kill("it closed its connection and went on")
            await self._process.wait()
        self._fail_answers()
        reason = self._verdict or _reason(self._process.returncode or 0)
        self.words.put_nowait(Died(reason, self._recorder.read()))
        self._recorder.close()

    def _fail_answers(self) -> None:
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the worker ended"))
        self._answers.clear()

    async def _pass_on_output(self) -> None:
        """Log what the process prints, line by line."""
        output = self._process.stdout
        rest = b""
        while output is not None:
            content = await output.read(_CHUNK)
            *lines, rest = _LINES.split(rest + content)
            if not content or len(rest) > _LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                if line.strip():
                    OUTPUT.info("%s", line.decode("utf-8", "replace"))
            if not content:
                return


def resident_bytes(pid: int) -> int:
    """Return how much memory a process holds, in bytes; 0 where that cannot be told."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _python() -> dict[str, str]:
    """Return what makes Python find this package, print at once, and say where it crashed."""
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([_PACKAGES, known] if known else [_PACKAGES])
    return {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}


def _reason(code: int) -> str:
    if code == -signal.SIGKILL:
        return "it was killed, most likely because memory ran out (SIGKILL)"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"it crashed ({name})"
    return f"it ended by itself with exit code {code}"
