"""A queue with real workers, as the server has them, and short ways to use it in tests."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.declare.registry import Registry
from engine.files import Folders
from engine.jobs.dispatcher import Dispatcher
from engine.jobs.events_log import EventLog
from engine.jobs.job import Job, submission_of
from engine.jobs.messages import Message
from engine.jobs.protocol import WorkerOptions
from engine.jobs.queue import JobQueue

PACK = Path(__file__).with_name("rough_pack.py")
BUILT_IN = Registry.load(custom_nodes=())
SECONDS = 30.0

Api = dict[str, dict[str, Any]]


def api(**nodes: tuple[str, dict[str, Any]]) -> Api:
    """Return API JSON of nodes `n1=("Type", {"input": value})`; ids are the names without `n`."""
    return {
        name.removeprefix("n"): {"class_type": kind, "inputs": inputs}
        for name, (kind, inputs) in nodes.items()
    }


def tiny(value: int) -> Api:
    """Return the smallest job: a number that is shown."""
    return api(n1=("PrimitiveInt", {"value": value}), n2=("PreviewAny", {"source": ["1", 0]}))


def number(value: int, seconds: float = 0.0) -> tuple[str, dict[str, Any]]:
    """Return a node that returns a number after a while."""
    return "RoughNumber", {"value": value, "seconds": seconds}


def steps(value: Any, count: int = 10, seconds: float = 0.02) -> tuple[str, dict[str, Any]]:
    """Return a node that takes some steps."""
    return "RoughSteps", {"value": value, "steps": count, "seconds": seconds}


def show(source: str) -> tuple[str, dict[str, Any]]:
    """Return a node that shows what another one gave."""
    return "RoughShow", {"value": [source, 0]}


class House:
    """What a server has, but for HTTP."""

    def __init__(self, base: Path, queue: JobQueue, dispatcher: Dispatcher, log: EventLog) -> None:
        self.base = base
        self.queue = queue
        self.dispatcher = dispatcher
        self.log = log
        self.heard: list[tuple[str, Message]] = []
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        log.subscribe(self._hear)

    def _hear(self, job: str, messages: Sequence[Message]) -> None:
        self.heard += [(job, message) for message in messages]
        task = asyncio.ensure_future(self._notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _notify(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def put(self, graph: Any, client: str | None = "me", **more: Any) -> Job:
        """Queue a graph without problems."""
        targets = more.pop("targets", None)
        place = self.queue.take_number(more.pop("number", None), front=more.pop("front", False))
        checked = await self.dispatcher.check(graph, targets)
        assert not checked.problems, [problem.render() for problem in checked.problems]
        extra = {"client_id": client, **more.pop("extra", {})}
        id_ = more.pop("id", None) or str(uuid.uuid4())
        submission = submission_of(checked, id=id_, extra_data=extra, place=place, **more)
        return (await self.queue.put(submission)).job

    async def until(self, wanted: Any, seconds: float = SECONDS) -> None:
        """Wait until a function of nothing says yes."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(wanted)

    async def said(self, job: Job, type_: str) -> dict[str, Any]:
        """Wait for a message of a job."""

        def found() -> list[dict[str, Any]]:
            return [data for kind, data in self.told(job) if kind == type_]

        await self.until(found)
        return found()[-1]

    async def ended(self, job: Job) -> str:
        """Wait for the end of a job; returns how it ended."""
        await self.until(lambda: ("executing", None) in self.steps(job))
        return job.state

    async def run(self, graph: Any, client: str | None = "me", **more: Any) -> Job:
        """Queue a graph and wait for its end."""
        job = await self.put(graph, client, **more)
        await self.ended(job)
        return job

    def told(self, job: Job) -> list[tuple[str, dict[str, Any]]]:
        """Return what was said about a job in ComfyUI's JSON: type and data."""
        decoded = [
            msgspec.json.decode(message.frame)
            for id_, message in self.heard
            if id_ == job.id and not message.binary and message.only_with is None
        ]
        return [(one["type"], one["data"]) for one in decoded]

    def steps(self, job: Job) -> list[tuple[str, Any]]:
        """Return what was said about a job but for progress: type and node."""
        return [
            (kind, data.get("node"))
            for kind, data in self.told(job)
            if kind not in {"progress_state", "progress"}
        ]

    async def entry(self, job: Job) -> dict[str, Any]:
        """Return the job's history entry."""
        content = await self.queue.history.entry(job.id)
        assert content is not None
        return msgspec.json.decode(content)[job.id]

    def notes(self) -> list[str]:
        """Return what the nodes of the pack wrote down."""
        path = self.base / "notes"
        return path.read_text().splitlines() if path.exists() else []


@contextlib.asynccontextmanager
async def house(base: Path, **options: Any) -> AsyncIterator[House]:
    """Open the queue of a folder with workers that know the rough pack.

    Args:
        base: The folder.
        **options: Fields of `WorkerOptions`.
    """
    packs = base / "custom_nodes"
    packs.mkdir(parents=True, exist_ok=True)
    shutil.copy(PACK, packs / "rough.py")
    queue = await JobQueue.open(base / "user" / "queue.sqlite")
    log = EventLog(queue.history)
    more = {"cpu": True, "custom_nodes": (packs,), **options}
    folders = Folders.beneath(base)
    dispatcher = Dispatcher(queue, log, BUILT_IN, folders, WorkerOptions(**more))
    await dispatcher.start()
    try:
        yield House(base, queue, dispatcher, log)
    finally:
        await dispatcher.close()
        await queue.close()
