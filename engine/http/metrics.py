"""What has been counted since the server started, and `/metrics`, where Prometheus reads it."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web
from aiohttp.hdrs import METH_ALL

from engine.http.exposition import CONTENT_TYPE, Histogram, family, histogram
from engine.http.routing import route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from aiohttp.typedefs import Handler, Middleware

    from engine.cache.stats import CacheStats
    from engine.http.exposition import Kind, Sample
    from engine.http.services import Services
    from engine.jobs.messages import Message

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0)
_BEGIN, _CACHED, _RUNS = "execution_start", "execution_cached", "executing"
_OUTCOMES = {
    "execution_success": "success",
    "execution_error": "error",
    "execution_interrupted": "interrupted",
}
_WAIT_SECONDS = 2.0
_STATES = ("starting", "idle", "busy", "down")


class _Data(msgspec.Struct, frozen=True):
    node: str | None = None
    nodes: tuple[str, ...] = ()


class _Frame(msgspec.Struct, frozen=True):
    data: _Data


class Metrics:
    """Counts requests and jobs. One event loop only."""

    def __init__(self) -> None:
        self.started = time.time()
        self.requests: Counter[tuple[str, int]] = Counter()
        self.jobs: Counter[str] = Counter(dict.fromkeys(_OUTCOMES.values(), 0))
        self.seconds = Histogram(_SECONDS)
        self.nodes: Counter[str] = Counter(cached=0, run=0)
        self._began: dict[str, float] = {}

    def heard(self, job: str, messages: Sequence[Message]) -> None:
        """Take note of what a job's messages say about its beginning and its end."""
        for message in messages:
            if message.type == _BEGIN:
                self._began[job] = time.monotonic()
            elif message.type == _CACHED:
                self.nodes["cached"] += len(_data(message).nodes)
            elif message.type == _RUNS:
                self.nodes["run"] += _data(message).node is not None
            elif message.type in _OUTCOMES:
                began = self._began.pop(job, None)
                # A blocked branch tells an error too, and its job goes on and ends later.
                if began is not None:
                    self.jobs[_OUTCOMES[message.type]] += 1
                    self.seconds.observe(time.monotonic() - began)


def count_requests(metrics: Metrics) -> Middleware:
    """Return the middleware that counts requests by method and status."""

    @web.middleware
    async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
        status = 500
        try:
            answer = await handler(request)
            status = answer.status
            return answer
        finally:
            # Clients may invent methods; each would be a series of its own.
            method = request.method if request.method in METH_ALL else "other"
            metrics.requests[method, status] += 1

    return counted


def count_jobs(services: Services) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return what lets the metrics hear of jobs while the application runs."""

    async def hearing(_: web.Application) -> AsyncIterator[None]:
        end = services.log.subscribe(services.metrics.heard)
        yield
        end()

    return hearing


@route(
    "GET",
    "/metrics",
    summary="What was counted and how things stand, for Prometheus.",
    tag="system",
    answers={200: "text/plain"},
    api_alias=False,
)
async def get_metrics(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the text."""
    metrics = services.metrics
    told = (*_queue(services), *_workers(services), *_caches(await _kept(services)))
    parts = [family(*one) for one in (*told, *_process(services))]
    parts.append(histogram("loom_run_seconds", "How long jobs ran.", metrics.seconds))
    return web.Response(text="".join(parts), headers={"Content-Type": CONTENT_TYPE})


def _queue(services: Services) -> Iterator[tuple[str, Kind, str, list[Sample]]]:
    queue, metrics = services.queue, services.metrics
    standing: list[Sample] = [
        ({"state": "running"}, len(queue.running())),
        ({"state": "waiting"}, len(queue.waiting())),
    ]
    yield "loom_queue_jobs", "gauge", "Jobs that run or wait.", standing
    yield "loom_queue_paused", "gauge", "Whether the queue is held.", [({}, float(queue.paused))]
    outcomes: list[Sample] = [({"outcome": key}, count) for key, count in metrics.jobs.items()]
    yield "loom_jobs_total", "counter", "Jobs that ended.", outcomes
    nodes: list[Sample] = [({"result": key}, count) for key, count in metrics.nodes.items()]
    yield "loom_nodes_total", "counter", "Nodes that ran or whose results were known.", nodes


def _workers(services: Services) -> Iterator[tuple[str, Kind, str, list[Sample]]]:
    workers = services.dispatcher.workers()
    states: list[Sample] = [
        ({"worker": str(one.index), "state": state}, float(one.state == state))
        for one in workers
        for state in _STATES
    ]
    yield "loom_worker_state", "gauge", "1 for the state that a worker is in.", states
    memory: list[Sample] = [({"worker": str(one.index)}, one.memory) for one in workers]
    yield "loom_worker_resident_bytes", "gauge", "Memory of a worker process.", memory
    restarts: list[Sample] = [({"worker": str(one.index)}, one.restarts) for one in workers]
    yield "loom_worker_restarts_total", "counter", "How often a worker was replaced.", restarts


async def _kept(services: Services) -> dict[int, CacheStats]:
    """Return what the workers' caches hold; nothing where they are too busy to say."""
    try:
        return await asyncio.wait_for(services.dispatcher.caches(), _WAIT_SECONDS)
    except TimeoutError:
        return {}


def _caches(caches: dict[int, CacheStats]) -> Iterator[tuple[str, Kind, str, list[Sample]]]:
    tiers = [
        ({"worker": str(index), "tier": name}, tier)
        for index, cache in caches.items()
        for name, tier in (("gpu", cache.gpu), ("ram", cache.ram), ("disk", cache.disk))
    ]
    held: list[Sample] = [(labels, tier.bytes) for labels, tier in tiers]
    yield "loom_cache_bytes", "gauge", "What the results cache holds.", held
    budget: list[Sample] = [(labels, tier.budget) for labels, tier in tiers]
    yield "loom_cache_budget_bytes", "gauge", "What the results cache may hold.", budget
    entries: list[Sample] = [(labels, tier.entries) for labels, tier in tiers]
    yield "loom_cache_entries", "gauge", "How many values the results cache holds.", entries


def _data(message: Message) -> _Data:
    return _decode(message.frame).data


def _process(services: Services) -> Iterator[tuple[str, Kind, str, list[Sample]]]:
    metrics = services.metrics
    requests: list[Sample] = [
        ({"method": method, "status": str(status)}, count)
        for (method, status), count in sorted(metrics.requests.items())
    ]
    yield "loom_http_requests_total", "counter", "Requests that were answered.", requests
    yield "loom_sockets", "gauge", "Clients that listen.", [({}, len(services.sockets))]
    started: list[Sample] = [({}, metrics.started)]
    yield "process_start_time_seconds", "gauge", "When the server started.", started
    used = sum(os.times()[:2])
    yield "process_cpu_seconds_total", "counter", "Processor time of the server.", [({}, used)]
    resident = resident_bytes()
    if resident is not None:
        about = "Memory of the server process."
        yield "process_resident_memory_bytes", "gauge", about, [({}, resident)]


def resident_bytes() -> int | None:
    """Return the memory of this process; None where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - a kernel interface
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return None


_decode = msgspec.json.Decoder(_Frame).decode
