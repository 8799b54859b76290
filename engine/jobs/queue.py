"""The queue: every job is on disk before anybody is told that it was taken."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from engine.jobs.history import (
    History,
    JobsQuery,
    Listed,
    Outcome,
    live_item,
    live_job,
    write_outcome,
)
from engine.jobs.job import Job, Place, Submission, now_ms
from engine.jobs.job_rows import COUNTER, PAUSED, insert, live_jobs, setting, write_setting
from engine.jobs.line import Line
from engine.jobs.store import Store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path


LOG = logging.getLogger("engine.jobs")


class Receipt(NamedTuple):
    """What a submission led to.

    Attributes:
        job: The job: a new one, or the earlier one with the same id or idempotency key.
        new: It is a new one.
    """

    job: Job
    new: bool


class JobQueue:
    """Jobs that wait and run, and what became of those that did. One event loop only.

    Attributes:
        history: The jobs that are over.
        changed: Called whenever the number of jobs, or which of them runs, has changed.
        wanted: Called whenever there may be something to run.
        arrived: Called with each new job before it can begin.
    """

    def __init__(self, store: Store) -> None:
        self.history = History(store)
        self.changed: list[Callable[[], None]] = []
        self.wanted: list[Callable[[], None]] = []
        self._store = store
        self._jobs: dict[str, Job] = {}
        self._line = Line()
        self.arrived: list[Callable[[Job], None]] = []
        self._counter = 0
        self._done = itertools.count(1)
        self._paused = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file of a queue; jobs that were under way wait again, before all others.

        Args:
            path: The file; made where there is none.

        Raises:
            FileProblemError: Another process has it open, or it is of a later version.
        """
        queue = cls(Store(path))
        await queue._restore()
        return queue

    async def close(self) -> None:
        """Finish writing and let go of the file."""
        await self._store.close()

    @property
    def remaining(self) -> int:
        """How many jobs wait or run."""
        return len(self._jobs)

    @property
    def paused(self) -> bool:
        """No job is begun."""
        return self._paused

    def get(self, id: str) -> Job | None:  # noqa: A002 - the word of the field
        """Return a job that waits or runs."""
        return self._jobs.get(id)

    def running(self) -> list[Job]:
        """Return the jobs that run, in the order in which they began."""
        return [job for job in self._jobs.values() if job.state == "running"]

    def waiting(self) -> list[Job]:
        """Return the jobs that wait, in the order in which they will run."""
        return self._line.jobs()

    def take_number(self, number: float | None, *, front: bool) -> Place:
        """Return the place of the next submission, as ComfyUI counts.

        Args:
            number: The client's choice; None, or what is no number, takes the next one.
            front: The job goes before all that wait now.
        """
        if number is not None and math.isfinite(number):
            return Place(float(number), fair=False)
        counted, self._counter = self._counter, self._counter + 1
        return Place(float(-counted if front else counted), fair=not front)

    async def put(self, submission: Submission) -> Receipt:
        """Take a submission; it is on disk when this returns, and may have begun to run.

        Raises:
            sqlite3.Error: The disk does not take it.
        """
        job = Job.of(submission)
        write = self._store.write(
            partial(insert, submission=submission, counter=self._counter), durable=True
        )
        write.add_done_callback(partial(self._arrived, job))
        earlier = await asyncio.shield(write)
        if earlier is None:
            return Receipt(job, new=True)
        return Receipt(self._jobs.get(earlier.id, earlier), new=False)

    def lease(self) -> Job | None:
        """Return the job that is next, which counts as running from now on; None for none."""
        job = None if self._paused else self._line.first()
        if job is None:
            return None
        self._line.take()
        job.state = "running"
        job.started = now_ms()
        self._jobs[job.id] = self._jobs.pop(job.id)
        self._update("state = 'running', started = ?", job.started, job=job)
        self.announce()
        return job

    def give_back(self, job: Job, *, died: bool = False) -> None:
        """Let a job that ran wait again, before all others.

        Args:
            job: The job.
            died: Its worker died; that counts as an attempt.
        """
        job.state, job.worker = "waiting", None
        if died:
            job.attempts += 1
            self._update("attempts = ?", job.attempts, job=job)
        self._line.add(job, again=True)
        self._want()

    async def finish(self, job: Job, outcome: Outcome) -> None:
        """Note how a running job ended; it never runs again. `announce` tells the clients.

        Raises:
            sqlite3.Error: The disk does not take it.
        """
        job.ended = now_ms()
        write = self._store.write(
            partial(write_outcome, job=job, outcome=outcome, done=next(self._done))
        )
        try:
            await asyncio.shield(write)
        finally:
            job.state = outcome.state
            job.worker = None
            self._jobs.pop(job.id, None)

    async def remove(self, ids: Iterable[str]) -> list[str]:
        """Remove waiting jobs; returns the ids of those that waited."""
        found = [self._jobs[id_] for id_ in dict.fromkeys(ids) if id_ in self._jobs]
        waiting = [job for job in found if job.state == "waiting"]
        await self._remove(waiting)
        return [job.id for job in waiting]

    async def clear(self) -> None:
        """Remove all jobs that wait."""
        await self._remove(self._line.jobs())

    async def move(self, id: str, before: str | float | None) -> bool:  # noqa: A002
        """Move a waiting job.

        Args:
            id: The job.
            before: Id of the waiting job that it comes before; a number is its new place among
                the numbers; None puts it at the end. Before itself it stays where it is.

        Returns:
            Whether both wait.
        """
        job = self._jobs.get(id)
        other = self._jobs.get(before) if isinstance(before, str) else None
        if job is None or job.state != "waiting" or (isinstance(before, str) and other is None):
            return False
        if other is not None and other.state != "waiting":
            return False
        if other is job:
            return True
        if isinstance(before, float | int):
            self._line.remove(job)
            job.number, job.fair = float(before), False
            self._line.add(job)
            moved = [job]
        else:
            moved = self._line.move(job, other)
        rows = [(one.number, one.rank, one.id) for one in moved]
        query = "UPDATE job SET number = ?, rank = ?, fair = 0 WHERE id = ?"
        self.announce()
        await self._store.write(lambda one: one.executemany(query, rows), durable=True)
        return True

    async def pause(self) -> None:
        """Begin no more jobs until `resume`, over restarts too; what runs goes on."""
        await self._set_paused(paused=True)

    async def resume(self) -> None:
        """Begin jobs again."""
        await self._set_paused(paused=False)

    async def list_jobs(self, query: JobsQuery) -> tuple[list[bytes], int]:
        """Return jobs, whether over or not, as JSON objects, and how many there are in all."""
        listed, total = await self.history.listed(query)
        places = {job.id: place for place, job in enumerate(self.waiting())}
        for job in self._jobs.values():
            fits_state = not query.states or job.state in query.states
            fits_workflow = query.workflow_id in {None, job.submission.workflow_id}
            if fits_state and fits_workflow:
                key = 0 if query.by_duration else job.submission.created
                listed.append(Listed((key, job.id), live_item(job, places.get(job.id))))
                total += 1
        listed.sort(key=lambda one: one.key, reverse=not query.ascending)
        end = None if query.limit is None else query.offset + query.limit
        return [one.item for one in listed[query.offset : end]], total

    async def job(self, id: str) -> bytes | None:  # noqa: A002
        """Return one job, whether over or not, as a JSON object with its workflow; or None."""
        job = self._jobs.get(id)
        return await self.history.job(id) if job is None else live_job(job)

    async def paces(self) -> dict[str, float]:
        """Return how many seconds nodes of each kind took lately."""
        return await self._store.read(
            lambda one: dict(one.execute("SELECT type, seconds FROM pace").fetchall())
        )

    def keep_paces(self, paces: dict[str, float]) -> None:
        """Keep how many seconds nodes of some kinds take."""
        rows = list(paces.items())
        query = "INSERT OR REPLACE INTO pace VALUES (?, ?)"
        self._write(lambda one: one.executemany(query, rows))

    def announce(self) -> None:
        """Tell whoever listens that something has changed."""
        for listener in self.changed:
            listener()

    async def _restore(self) -> None:
        read = self._store.read
        for job in await read(live_jobs):
            self._jobs[job.id] = job
            job.resumed = job.started is not None
            self._line.add(job, again=job.resumed)
        self._counter = await read(partial(setting, name=COUNTER)) or 0
        self._paused = bool(await read(partial(setting, name=PAUSED)))
        (done,) = await read(lambda one: one.execute("SELECT MAX(done) FROM job").fetchone())
        self._done = itertools.count((done or 0) + 1)

    def _arrived(self, job: Job, write: asyncio.Future[Job | None]) -> None:
        """Take a job in as soon as it is on disk, whether or not anybody still waits for that."""
        if write.cancelled() or write.exception() is not None or write.result() is not None:
            return
        self._jobs[job.id] = job
        self._line.add(job)
        self.announce()
        for listener in self.arrived:
            listener(job)
        self._want()

    def _want(self) -> None:
        for listener in self.wanted:
            listener()

    async def _remove(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        for job in jobs:
            self._line.remove(job)
            del self._jobs[job.id]
        self.announce()
        rows = [(job.id,) for job in jobs]
        query = "DELETE FROM job WHERE id = ?"
        await self._store.write(lambda one: one.executemany(query, rows), durable=True)

    async def _set_paused(self, *, paused: bool) -> None:
        self._paused = paused
        await self._store.write(
            partial(write_setting, name=PAUSED, value=int(paused)), durable=True
        )
        self.announce()
        self._want()

    def _update(self, change: str, value: float, *, job: Job) -> None:
        query = f"UPDATE job SET {change} WHERE id = ?"  # noqa: S608 - constants of this file
        self._write(lambda one: one.execute(query, (value, job.id)))

    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Write something that nobody waits for."""
        self._store.write(work).add_done_callback(_log_failure)


def _log_failure(write: asyncio.Future[object]) -> None:
    error = None if write.cancelled() else write.exception()
    if error is not None:
        LOG.error("the queue could not be written: %s", error)
