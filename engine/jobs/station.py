"""The place of one worker: a process that is replaced whenever it dies."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from typing import TYPE_CHECKING, Literal

import msgspec

from engine.jobs.process import Died, WorkerProcess, resident_bytes
from engine.jobs.protocol import Ask, Ended, Free, Loaded, RunJob, SetUp, StopJob

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from engine.jobs.job import Job
    from engine.jobs.protocol import AnyWord, Question

LOG = logging.getLogger("engine.jobs")

_LONGEST_PAUSE = 30.0
_FAILED_LOADS = 2
"""After so many workers that died as they loaded packs, the next ones load none."""
_MOST_ASKED = 5
"""How many workers are asked a question, where each dies before it answers."""
_LOOKS = 4
"""How often a busy worker is looked at before its silence is taken for its end. A server that was
itself stopped for a while looks once, and hears of the worker before it looks again."""


class WorkerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a worker.

    Attributes:
        index: Which one, from 0.
        pid: Its process id, or None while there is none.
        state: What it does.
        job: Id of the job that it runs, or None.
        restarts: How often its process was replaced.
        memory: Bytes that its process holds.
    """

    index: int
    pid: int | None
    state: Literal["starting", "idle", "busy", "down"]
    job: str | None
    restarts: int
    memory: int


class Station:
    """Keeps a worker's process alive and gives it one job at a time.

    Args:
        set_up: What the worker gets to know first.
        attend: Called with each word of the worker that is not an answer; the next word waits
            until it is done. For `Died` the job that was under way is still in `job`.

    Attributes:
        job: The job that the worker runs, or None.
        loaded: What the worker has loaded; set as soon as it has.
    """

    def __init__(
        self, set_up: SetUp, attend: Callable[[Station, AnyWord | Died], Awaitable[None]]
    ) -> None:
        self.job: Job | None = None
        self._stopped = False
        self.loaded: asyncio.Future[Loaded] = asyncio.get_running_loop().create_future()
        self._set_up = set_up
        self._options = set_up.options
        self._attend = attend
        self._loop = asyncio.get_running_loop()
        self._process: WorkerProcess | None = None
        self._gone = asyncio.Event()
        self._restarts = 0
        self._watch: asyncio.TimerHandle | None = None
        self._silent_looks = 0
        self._patience: asyncio.TimerHandle | None = None
        self._numbers = itertools.count()
        self._keeper = asyncio.create_task(self._keep())

    @property
    def index(self) -> int:
        """Which station this is, from 0."""
        return self._set_up.index

    @property
    def idle(self) -> bool:
        """A job can be given."""
        process = self._process
        return self.job is None and process is not None and process.alive and self.loaded.done()

    def facts(self) -> WorkerFacts:
        """Return what is known about the worker."""
        pid = None if self._process is None else self._process.pid
        state = "starting" if pid is not None else "down"
        if self.loaded.done():
            state = "idle" if self.job is None else "busy"
        return WorkerFacts(
            index=self.index,
            pid=pid,
            state=state,
            job=None if self.job is None else self.job.id,
            restarts=self._restarts,
            memory=0 if pid is None else resident_bytes(pid),
        )

    def run(self, job: Job) -> None:
        """Give the worker a job."""
        asked = job.submission
        self.job, self._stopped = job, False
        order = RunJob(
            job=job.id,
            graph=asked.graph or asked.prompt,
            targets=asked.targets,
            extra_data=asked.extra_data,
            client=asked.client_id,
            secrets=asked.secrets,
            previews=asked.previews,
        )
        if self._process is not None:
            self._process.say(order)
            self._process.last_sign = self._loop.time()
        self._silent_looks = 0
        if self._watch is None:
            self._look_later()

    def interrupt(self) -> None:
        """Stop the job that runs at its next step; a worker that does not obey is killed."""
        if self.job is None or self._process is None or self._stopped:
            return
        self._stopped = True
        self._process.say(StopJob(job=self.job.id))
        obey = self._options.obey_seconds
        self._patience = self._loop.call_later(obey, self._process.kill, "it did not stop")

    def free(self, *, results: bool, models: bool) -> None:
        """Let the worker give back memory when it is idle."""
        if self._process is not None:
            self._process.say(Free(results=results, models=models))

    async def ask(self, what: Question, content: bytes = b"null") -> bytes:
        """Return the worker's answer, as soon as it has loaded everything.

        Args:
            what: The question.
            content: JSON that belongs to it.

        Raises:
            RuntimeError: The worker cannot answer.
            ConnectionError: One worker after the other died before it had answered.
        """
        for attempt in range(1, _MOST_ASKED + 1):
            await asyncio.shield(self.loaded)
            process, gone = self._process, self._gone
            assert process is not None  # noqa: S101 - what has loaded something is there
            number = next(self._numbers)
            answer = process.ask(number)
            process.say(Ask(number=number, what=what, content=content))
            try:
                return await answer
            except ConnectionError:
                if attempt == _MOST_ASKED:
                    raise
                await gone.wait()
        raise AssertionError

    async def close(self) -> None:
        """End the worker; a job that it runs is not looked after any more."""
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self._rest()
        if self._watch is not None:
            self._watch.cancel()
        if self._process is not None:
            await self._process.close()
        self.loaded.cancel()
        self._gone.set()

    async def _keep(self) -> None:
        failed = 0
        while True:
            loaded = False
            try:
                process = self._process = await WorkerProcess.start(self._environment())
                self._gone = asyncio.Event()
            except OSError as error:
                LOG.error("no worker can be started: %s", error)  # noqa: TRY400 - it says it all
            else:
                process.say(self._set_up if failed < _FAILED_LOADS else self._without_packs())
                loaded = await self._follow(process)
            failed = 0 if loaded else failed + 1
            self._restarts += 1
            await asyncio.sleep(min(2.0**failed - 1, _LONGEST_PAUSE))

    async def _follow(self, process: WorkerProcess) -> bool:
        """Attend to a process until it has died; returns whether it had loaded everything."""
        loaded = False
        while True:
            word = await process.words.get()
            if isinstance(word, Loaded):
                loaded = True
                self.loaded.set_result(word)
            elif isinstance(word, Ended | Died):
                self._rest()
            if isinstance(word, Died):
                LOG.error("worker %s (process %s) ended: %s", self.index, process.pid, word.reason)
                self._process = None
                self._gone.set()
                if loaded:
                    self.loaded = self._loop.create_future()
                await process.close()
            try:
                await self._attend(self, word)
            except Exception:
                LOG.exception("what worker %s said could not be handled", self.index)
            if isinstance(word, Died):
                return loaded

    def _without_packs(self) -> SetUp:
        if self._options.custom_nodes:
            LOG.error("workers die as they load packs, so that the next one loads none")
        options = msgspec.structs.replace(self._options, custom_nodes=())
        return msgspec.structs.replace(self._set_up, options=options)

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _look_later(self) -> None:
        self._watch = self._loop.call_later(self._options.silent_seconds / _LOOKS, self._look)

    def _look(self) -> None:
        """See to it that a busy worker gives signs of life."""
        self._watch = None
        if self.job is None or self._process is None:
            return
        silence = self._options.silent_seconds
        heard = self._loop.time() - self._process.last_sign < silence / _LOOKS
        self._silent_looks = 0 if heard else self._silent_looks + 1
        if self._silent_looks >= _LOOKS:
            self._process.kill(f"it gave no sign of life for {silence:g} s")
        else:
            self._look_later()

    def _environment(self) -> dict[str, str]:
        """Return what makes the worker see its own device only."""
        if self._options.cpu:
            return {"CUDA_VISIBLE_DEVICES": "", "HIP_VISIBLE_DEVICES": ""}
        if self._options.count == 1:
            return {}
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        every = visible.split(",") if visible else []
        device = every[self.index % len(every)] if every else str(self.index)
        return {"CUDA_VISIBLE_DEVICES": device}
