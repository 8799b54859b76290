"""Gives jobs to workers and tells how they go; a worker may die at any time."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from contextlib import suppress
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.cache.stats import CacheStats
from engine.declare.packs import announced_packs
from engine.graph.json_text import items, mapping
from engine.jobs.checking import Checked, kinds_in
from engine.jobs.known_checks import KnownChecks
from engine.jobs.messages import Speaker
from engine.jobs.narrator import Narrator
from engine.jobs.process import Died
from engine.jobs.protocol import Ended, Loaded, Said, SetUp, Told
from engine.jobs.rewriting import Rewritten, rewrite_json
from engine.jobs.station import Station
from engine.run.events import Failed, Finished, Interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.declare.registry import Registry
    from engine.files import Folders
    from engine.jobs.events_log import EventLog
    from engine.jobs.job import Job, State
    from engine.jobs.messages import Message
    from engine.jobs.protocol import AnyEvent, AnyWord, WorkerOptions
    from engine.jobs.queue import JobQueue
    from engine.jobs.rewriting import Form
    from engine.jobs.station import WorkerFacts

LOG = logging.getLogger("engine.jobs")

MOST_ATTEMPTS = 2
"""How often a worker may die of a job that gets no further before it fails."""
_MANY_NODES = 2_000
"""Larger workflows are checked beside the loop, which goes on with other clients meanwhile."""
_checked = msgspec.json.Decoder(Checked).decode
_rewritten = msgspec.json.Decoder(Rewritten).decode


class Dispatcher:
    """Runs the jobs of a queue in worker processes. One event loop only.

    Args:
        queue: The jobs.
        log: Takes what clients hear of them.
        registry: The kinds of nodes that every process knows; those of packs live in the workers.
        folders: Where files are.
        options: How many workers there are, and how they work.
    """

    def __init__(
        self,
        queue: JobQueue,
        log: EventLog,
        registry: Registry,
        folders: Folders,
        options: WorkerOptions,
    ) -> None:
        self._queue = queue
        self._log = log
        self._registry = registry
        self._folders = folders
        self._options = options
        self._checks = KnownChecks(registry, folders)
        self._stations: list[Station] = []
        self._narrators: dict[str, Narrator] = {}
        self._last: dict[str, list[Message]] = {}
        self._paces: dict[str, float] = {}
        self._unwanted: set[str] = set()
        self._rested = asyncio.Event()
        self._closing = False
        self._announced = bool(announced_packs())

    async def start(self) -> None:
        """Start the workers; jobs run as soon as these have loaded everything."""
        self._paces = await self._queue.paces()
        results = self._results_folder()
        self._queue.wanted.append(self._give_out)
        for index in range(self._options.count):
            set_up = SetUp(
                index=index, folders=self._folders, options=self._options, results=results
            )
            self._stations.append(Station(set_up, self._attend))

    async def close(self, grace: float = 30.0) -> None:
        """Stop the jobs that run at their next step and end the workers.

        The jobs wait again, before all others: the next start goes on with them.

        Args:
            grace: Seconds that a job has to stop before its worker is killed.
        """
        self._closing = True
        self._queue.wanted.remove(self._give_out)
        for station in self._stations:
            station.interrupt()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while any(station.job is not None for station in self._stations):
                    await self._rested.wait()
                    self._rested.clear()
        await asyncio.gather(*(station.close() for station in self._stations))
        self._queue.keep_paces(self._paces)
        if self._options.cache != "auto":
            shutil.rmtree(self._session_folder(), ignore_errors=True)

    async def check(self, raw: Any, targets: Sequence[str] | None = None) -> Checked:
        """Check a workflow, in a worker where it names kinds of nodes that only packs have.

        Args:
            raw: API JSON or a canvas, as Python values.
            targets: Ids of the wanted output nodes; all for None.
        """
        if self._is_for_packs(raw):
            content = msgspec.json.encode([raw, targets])
            return _checked(await self._station().ask("check", content))
        if len(items(mapping(raw).get("nodes")) or mapping(raw)) > _MANY_NODES:
            return await asyncio.to_thread(self._checks.check, raw, targets)
        return self._checks.check(raw, targets)

    async def rewrite(self, raw: dict[str, Any], to: Form) -> Rewritten:
        """Return a workflow in another form, made beside the loop.

        Args:
            raw: API JSON or a canvas, as Python values.
            to: The form that is wanted.
        """
        if self._is_for_packs(raw):
            return _rewritten(await self._station().ask("rewrite", msgspec.json.encode([raw, to])))
        return await asyncio.to_thread(rewrite_json, raw, to, self._registry.get)

    async def interrupt(self, id: str | None = None) -> bool:  # noqa: A002 - the word of the field
        """Stop a job that runs, or all that run for None; returns whether there was one."""
        found = False
        for station in self._stations:
            if station.job is not None and id in {None, station.job.id}:
                self._unwanted.add(station.job.id)
                station.interrupt()
                found = True
        return found

    async def cancel(self, id: str) -> bool:  # noqa: A002
        """Remove a job that waits, or stop one that runs; returns whether there was one."""
        if await self._queue.remove([id]):
            self._narrators.pop(id, None)  # it may have begun before
            self._log.end(id)
            return True
        return await self.interrupt(id)

    async def control(self, id: str, node: str, action: str) -> str | None:  # noqa: A002
        """Ask something of a node that runs; returns why it cannot be asked, or None.

        Args:
            id: Of the job.
            node: Id of the node, as events tell it.
            action: What it is asked for; see `Context.offer`.
        """
        for station in self._stations:
            if station.job is not None and station.job.id == id:
                content = msgspec.json.encode([id, node, action])
                return msgspec.json.decode(await station.ask("control", content))
        return "the job does not run"

    async def free(self, *, unload_models: bool, free_memory: bool) -> None:
        """Let the workers give back memory as soon as they are idle.

        Args:
            unload_models: Weights on devices.
            free_memory: These, and kept results.
        """
        if unload_models or free_memory:
            for station in self._stations:
                station.free(results=free_memory, models=True)

    async def foreign_catalogue(self) -> bytes:
        """Return the kinds of nodes that packs brought, as one JSON object by id."""
        if not self._has_packs() or not (await self._loaded()).kinds:
            return b"{}"
        return await self._station().ask("describe")

    async def object_info(self, name: str) -> bytes | None:
        """Return one kind of node that a pack brought, as a JSON object by its id, or None."""
        if not self._has_packs() or name not in (await self._loaded()).kinds:
            return None
        return await self._station().ask("describe", msgspec.json.encode(name))

    async def extensions(self) -> dict[str, Path]:
        """Return the folders of packs' scripts for the editor, by pack."""
        if not self._has_packs():
            return {}
        return {pack: Path(path) for pack, path in (await self._loaded()).extensions.items()}

    async def devices(self) -> list[dict[str, Any]]:
        """Return the workers' accelerators with their memory; none where they use none."""
        if self._options.cpu:
            return []
        return msgspec.json.decode(await self._station().ask("devices"))

    async def caches(self) -> dict[int, CacheStats]:
        """Return what the results caches of the workers that are up hold, by worker."""
        up = [one for one in self._stations if one.facts().state in {"idle", "busy"}]
        told = await asyncio.gather(*(one.ask("cache") for one in up), return_exceptions=True)
        return {
            station.facts().index: msgspec.json.decode(answer, type=CacheStats)
            for station, answer in zip(up, told, strict=True)
            if isinstance(answer, bytes)
        }

    def workers(self) -> list[WorkerFacts]:
        """Return what is known about the workers."""
        return [station.facts() for station in self._stations]

    def _give_out(self) -> None:
        """Give waiting jobs to idle workers."""
        for station in self._stations:
            if self._closing or not station.idle:
                continue
            job = self._queue.lease()
            if job is None:
                return
            job.worker = station.index
            narrator = self._narrators.get(job.id)
            if narrator is None:
                self._narrators[job.id] = Narrator(job, self._paces)
            else:
                narrator.restart()
            station.run(job)

    async def _attend(self, station: Station, word: AnyWord | Died) -> None:
        if isinstance(word, Told):
            self._tell(word.job, word.events)
        elif isinstance(word, Said):
            speaker = Speaker(None)
            speaker.pass_on(word.name, word.data, word.client)
            self._log.pass_on(speaker.take())
        elif isinstance(word, Ended):
            await self._end(station, word.state)
        elif isinstance(word, Loaded):
            for pack, reason in word.failures:
                LOG.error("the pack %s was not loaded: %s", pack, reason)
            self._give_out()
        elif isinstance(word, Died):
            await self._bury(station, word)

    def _tell(self, id_: str, told: Sequence[AnyEvent]) -> None:
        """Tell the clients, but for the end of the job: that is on disk before they hear of it."""
        narrator = self._narrators.get(id_)
        if narrator is None:
            return
        *events, last = told
        if isinstance(last, Failed | Interrupted | Finished):
            self._log.add(id_, narrator.tell(events))
            self._last[id_] = narrator.tell([last])
        else:
            self._log.add(id_, narrator.tell(told))

    async def _end(self, station: Station, state: State) -> None:
        job, station.job = station.job, None
        self._rested.set()
        if job is None:
            return
        last = self._last.pop(job.id, [])
        if self._closing and state == "interrupted" and job.id not in self._unwanted:
            self._queue.give_back(job)
            return
        self._give_out()
        await self._close_job(job, state, last)

    async def _bury(self, station: Station, died: Died) -> None:
        """Decide what becomes of a job whose worker died."""
        job, station.job = station.job, None
        self._rested.set()
        if job is None:
            return
        self._last.pop(job.id, None)
        narrator = self._narrators[job.id]
        if narrator.advanced:
            job.attempts = 0
        if job.id in self._unwanted:
            await self._close_job(job, "interrupted", narrator.stopped(died.node))
        elif self._closing:
            self._queue.give_back(job)
        elif job.attempts + 1 < MOST_ATTEMPTS:
            LOG.warning("job %s is tried once more: its worker died (%s)", job.id, died.reason)
            self._queue.give_back(job, died=True)
        else:
            job.attempts += 1
            reason = f"its worker died {job.attempts} times; the last time {died.reason}"
            await self._close_job(job, "error", narrator.died(died.node, reason))

    async def _close_job(self, job: Job, state: State, last: list[Message]) -> None:
        """Write how a job ended, then tell it."""
        self._unwanted.discard(job.id)
        narrator = self._narrators.pop(job.id)
        closing = narrator.closing()
        events = self._log.encoded(job.id, [*last, *closing])
        outcome = msgspec.structs.replace(narrator.outcome(state), events=events)
        try:
            await self._queue.finish(job, outcome)
        except sqlite3.Error as error:
            LOG.error("how job %s ended could not be written: %s", job.id, error)  # noqa: TRY400
        self._log.add(job.id, last)
        self._queue.announce()
        self._log.add(job.id, closing)
        self._log.end(job.id)

    def _station(self) -> Station:
        """Return the station that answers questions: an idle one rather than a busy one."""
        rest = dropwhile(lambda station: not station.idle, self._stations)
        return next(rest, self._stations[0])

    async def _loaded(self) -> Loaded:
        return await asyncio.shield(self._stations[0].loaded)

    def _is_for_packs(self, raw: Any) -> bool:
        """Tell whether a workflow names kinds of nodes that only packs can have."""
        return self._has_packs() and any(self._registry.get(one) is None for one in kinds_in(raw))

    def _has_packs(self) -> bool:
        folders = self._options.custom_nodes
        return self._announced or any(one.is_dir() and any(one.iterdir()) for one in folders)

    def _results_folder(self) -> Path | None:
        """Return where results are kept on disk; those of one server's life are apart."""
        if self._options.cache == "none":
            return None
        if self._options.cache == "auto":
            return self._folders.cache / "results"
        shutil.rmtree(self._session_folder(), ignore_errors=True)
        return self._session_folder()

    def _session_folder(self) -> Path:
        return self._folders.cache / "session"
