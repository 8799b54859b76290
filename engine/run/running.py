"""One run: steps go to their lanes and come back, until the targets are there."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import CancelledError, wait
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from engine.errors import InterruptedRunError, LoomError, NodeFailedError
from engine.graph.plan import closure
from engine.run.addresses import Addresses
from engine.run.calling import Work, add_lazy, asked_for, call_all, call_all_async, lay_out
from engine.run.context import RunContext
from engine.run.events import Finished, Started
from engine.run.lanes import IO_WORKERS
from engine.run.mapping import merged_ui
from engine.run.out_of_memory import is_out_of_memory, make_room, out_of_memory
from engine.run.result import RunResult, Timing
from engine.run.scheduling import Scheduler
from engine.run.step import Ask
from engine.run.telling import Done, Teller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from engine.cache.results import ResultsCache
    from engine.declare.spec import Returned
    from engine.run.context import Surroundings
    from engine.run.facts import Catalogue
    from engine.run.lanes import Lanes
    from engine.run.memory_meter import MemoryMeter
    from engine.run.step import Step

_POLL_SECONDS = 0.05
_MOST_BESIDE = 2 * IO_WORKERS


@dataclass(kw_only=True)
class _Outcome:
    """What came of a step that ran beside the calling thread."""

    work: Work
    returned: list[Returned] | None
    error: BaseException | None
    seconds: float


class Run:
    """One run of one graph.

    Args:
        around: What all its nodes share.
        catalogue: The facts of their kinds.
        cache: Keeps results.
        lanes: Where nodes run besides this thread.
        meter: Measures memory.
    """

    def __init__(
        self,
        around: Surroundings,
        catalogue: Catalogue,
        cache: ResultsCache,
        lanes: Lanes,
        meter: MemoryMeter,
    ) -> None:
        self._around = around
        self._stream = around.stream
        self._cache = cache
        self._lanes = lanes
        self._meter = meter
        addresses = Addresses(around, catalogue, self._context, self._warn)
        self._scheduler = Scheduler(around, catalogue, cache, addresses)
        self._teller = Teller(around.stream, self._scheduler)
        self._inbox: SimpleQueue[_Outcome | Ask] = SimpleQueue()
        self._beside: dict[Step, Future[Any]] = {}
        self._timings: dict[str, Timing] = {}
        self._failing: Mapping[str, list[Any]] = {}

    def all(self, targets: Sequence[str]) -> RunResult:
        """Run what the targets need.

        Args:
            targets: Ids of the wanted nodes.

        Raises:
            LoomError: A node failed, ran out of memory or was interrupted.
        """
        began = time.perf_counter()
        if self._stream.heard:
            self._stream.send(Started, nodes=closure(targets, self._around.original.nodes))
        try:
            self._scheduler.want(targets)
            self._teller.hits(targets, first=True)
            self._until_done(targets)
        except InterruptedRunError as error:
            self._teller.interrupted(error.problem.node or self._at_work(), self._timings)
            raise
        except LoomError as error:
            self._teller.failed(error, self._failing, self._timings)
            raise
        finally:
            self._stop_beside()
            self._meter.rest()
            self._scheduler.close()
            self._pass_on_warnings()
        seconds = time.perf_counter() - began
        self._stream.send(Finished, seconds=seconds)
        return self._result(seconds)

    def _result(self, seconds: float) -> RunResult:
        scheduler, timings = self._scheduler, self._timings
        return RunResult(
            ui={node_id: record.ui for node_id, record in scheduler.known.items() if record.ui},
            executed=tuple(timings),
            cached=tuple([node_id for node_id in scheduler.hits if node_id not in timings]),
            timings=timings,
            seconds=seconds,
            _values=scheduler.values,
        )

    def _until_done(self, targets: Sequence[str]) -> None:
        scheduler = self._scheduler
        while not scheduler.done():
            self._drain()
            scheduler.settle()
            self._teller.hits(targets)
            self._teller.unfolded(scheduler.unfolded)
            scheduler.unfolded.clear()
            self._fill_lanes()
            step = scheduler.ready.pop()
            if step is not None:
                self._run_here(step)
            elif scheduler.unsettled() or scheduler.done():
                continue
            elif self._beside:
                self._wait()
            else:
                raise scheduler.stuck()

    def _run_here(self, step: Step) -> None:
        work = self._prepare(step)
        if work is None:
            return
        self._meter.start()
        began = time.perf_counter()
        try:
            returned = call_all(work, self._lanes)
        except (Exception, SystemExit) as error:
            self._meter.stop()
            self._failed(step, error, work.lists)
            return
        seconds = time.perf_counter() - began
        self._finished(work, returned, seconds, self._meter.stop())

    def _prepare(self, step: Step) -> Work | None:
        """Lay out the calls of a step; None where it has to wait once more."""
        lists = self._scheduler.take(step)
        if lists is None:
            return None
        self._teller.started(step)
        try:
            work = lay_out(step, lists, self._context(step.id), self._fetch)
            if step.lazy:
                names = asked_for(work, self._lanes)
                if names:
                    self._scheduler.ask(step, names)
                    return None
                add_lazy(work)
        except (Exception, SystemExit) as error:
            self._failed(step, error, lists)
            return None
        return work

    def _fill_lanes(self) -> None:
        """Start what runs beside this thread; coroutines without limit, since they may nest."""
        busy = sum(step.facts.lane == "io" for step in self._beside)
        while busy < _MOST_BESIDE:
            step = self._scheduler.ready.pop_beside()
            if step is None:
                return
            work = self._prepare(step)
            if work is not None:
                self._start_beside(work)
                busy += step.facts.lane == "io"

    def _start_beside(self, work: Work) -> None:
        began = time.perf_counter()

        def report(future: Future[list[Returned]]) -> None:
            seconds = time.perf_counter() - began
            error = CancelledError() if future.cancelled() else future.exception()
            returned = None if error is not None else future.result()
            self._inbox.put(_Outcome(work=work, returned=returned, error=error, seconds=seconds))

        if work.step.facts.lane == "async":
            future = self._lanes.in_loop(call_all_async(work))
        else:
            future = self._lanes.in_pool(lambda: call_all(work, self._lanes))
        self._beside[work.step] = future
        future.add_done_callback(report)

    def _drain(self) -> None:
        """Take what has come back, without waiting."""
        self._check_interrupt()
        while self._beside:
            try:
                self._receive(self._inbox.get_nowait())
            except Empty:
                return

    def _wait(self) -> None:
        """Wait until something comes back or the run must stop."""
        while True:
            self._check_interrupt()
            try:
                self._receive(self._inbox.get(timeout=_POLL_SECONDS))
            except Empty:
                continue
            return

    def _receive(self, message: _Outcome | Ask) -> None:
        if isinstance(message, Ask):
            self._scheduler.demand(message)
            return
        del self._beside[message.work.step]
        if message.returned is None:
            error = message.error or CancelledError()
            self._failed(message.work.step, error, message.work.lists)
        else:
            peak = self._meter.now()
            self._finished(message.work, message.returned, message.seconds, peak)

    async def _fetch(self, step: Step, name: str) -> list[Any]:
        """Return the items of a lazy input of a running step; called on the loop."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def deliver(items: list[Any]) -> None:
            loop.call_soon_threadsafe(_set_result, answer, items)

        self._inbox.put(Ask(step, name, deliver))
        return await answer

    def _stop_beside(self) -> None:
        """Wait for what still runs: threads cannot be stopped, only asked to."""
        futures = list(self._beside.values())
        for future in futures:
            future.cancel()
        wait(futures)

    def _finished(
        self, work: Work, returned: list[Returned], seconds: float, peak_bytes: int
    ) -> None:
        step = work.step
        step.provisional = work.context.provisional
        for message in dict.fromkeys(one.message for one in work.blockers if one.message):
            self._teller.blocked(step, message)
        try:
            self._scheduler.finish(step, returned, seconds)
        except Exception as error:
            self._failed(step, error, work.lists)
            return
        if work.made:
            self._timings[step.id] = Timing(seconds=seconds, peak_bytes=peak_bytes)
        if self._stream.heard:
            done = Done(
                ui=merged_ui(returned),
                blocked=not work.made,
                seconds=seconds,
                peak_bytes=peak_bytes,
            )
            self._teller.finished(step, done)

    def _failed(self, step: Step, error: BaseException, lists: Mapping[str, list[Any]]) -> None:
        """Give a step that ran out of memory a second chance; raise everything else.

        Args:
            step: The step that failed.
            error: What it raised.
            lists: Its inputs.

        Raises:
            LoomError: Always, but for the first time that memory runs out.
        """
        self._failing = lists
        if is_out_of_memory(error):
            if step.retried:
                raise out_of_memory(step, error) from error
            step.retried = True
            self._failing = {}
            self._warn(step.id, make_room(self._cache, self._around.resources, error))
            self._scheduler.reopen(step)
            return
        if isinstance(error, CancelledError):
            self._check_interrupt()
        if isinstance(error, LoomError):
            raise step.located(error) from error
        failure = NodeFailedError(f"{type(error).__name__}: {error}")
        raise step.located(failure) from error

    def _at_work(self) -> str | None:
        """Return the id of a node that runs beside this thread, or None."""
        return next((step.id for step in self._beside), None)

    def _check_interrupt(self) -> None:
        if self._around.interrupt.is_set():
            raise InterruptedRunError("the run was interrupted")

    def _context(self, node_id: str) -> RunContext:
        return RunContext(self._around, node_id)

    def _warn(self, node_id: str, message: str) -> None:
        self._teller.warned(node_id, message)

    def _pass_on_warnings(self) -> None:
        for message in self._cache.take_warnings():
            self._teller.warned(None, message)


def _set_result(answer: asyncio.Future[list[Any]], items: list[Any]) -> None:
    if not answer.done():
        answer.set_result(items)
