"""What the server costs: to start, to hold, to ask, to queue and to listen to.

Every job is on disk before it is acknowledged. Jobs are model-free, built-in nodes; a *tiny job* is
a number that is shown as text, and no two of them are equal, so that nothing comes from the cache
unless the case says so. Times are seen from the client, which shares the machine's cores with the
server and its worker. Sockets are counted in bytes as they come over the wire.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.rows import Row, alone, report
from bench.served import Served, served
from bench.wire import Connection, Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS, TINY, SINGLE, ASKED, SOCKETS, TREE, MANY = 5, 200, 200, 50, 50, 1_000, 10_000
CONNECTIONS = 8
SETTLE_SECONDS = 8.0
CLIENT = "bench"

Api = dict[str, dict[str, Any]]

_numbers = itertools.count(1)


def tiny() -> Api:
    """Return a job that differs from all others."""
    return {
        "1": {"class_type": "PrimitiveInt", "inputs": {"value": next(_numbers)}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
    }


def tree(size: int, salt: int) -> Api:
    """Return a binary tree of sums in which no two leaves are equal, and the sum shown."""
    api: Api = {}
    for number in range(1, size):
        children = [
            [str(child), 0] if child < size else salt + child / 4
            for child in (2 * number, 2 * number + 1)
        ]
        inputs = {"first": children[0], "operation": "add", "second": children[1]}
        api[str(number)] = {"class_type": "Calculate", "inputs": inputs}
    api[str(size)] = {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}
    return api


def rows() -> Iterator[Row]:
    """Measure every case and yield its row."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _starts(Path(folder))
        with served(Path(folder)) as server:
            yield from _memory(server)
            for measure in (_catalogue, _one_at_a_time, _queue, _listened, _trees, _many):
                yield from asyncio.run(measure(server.port))
            yield alone("memory/server/after", "pss", server.memory(), "MiB")


def _starts(base: Path) -> Iterator[Row]:
    seconds: list[float] = []
    for _ in range(STARTS):
        with served(base) as server:
            seconds.append(server.seconds)
    yield alone("start/first answer", "wall", statistics.median(seconds), "s")


def _memory(server: Served) -> Iterator[Row]:
    time.sleep(SETTLE_SECONDS)
    yield alone("memory/server/idle", "pss", server.memory(), "MiB")
    yield alone("memory/worker/idle", "pss", server.worker_memory(), "MiB")


async def _catalogue(port: int) -> list[Row]:
    connection = await Connection.open(port)
    seconds: list[float] = []
    body = b""
    for _ in range(ASKED):
        began = time.perf_counter()
        body = await connection.get("/object_info", "Accept-Encoding: gzip, deflate")
        seconds.append(time.perf_counter() - began)
    connection.close()
    whole = len(gzip.decompress(body)) if body[:2] == b"\x1f\x8b" else len(body)
    return [
        alone("object_info", "wall", statistics.median(seconds), "s"),
        alone("object_info", "sent", len(body) / 1000, "kB"),
        alone("object_info", "unpacked", whole / 1000, "kB"),
    ]


async def _one_at_a_time(port: int) -> list[Row]:
    listener, connection = await Listener.open(port, CLIENT), await Connection.open(port)
    seconds = [await _run(listener, connection, tiny()) for _ in range(SINGLE)]
    listener.close()
    connection.close()
    return [
        alone("tiny job/one at a time", "wall", statistics.median(seconds), "s"),
        alone("tiny job/one at a time", "p95", statistics.quantiles(seconds, n=20)[-1], "s"),
    ]


async def _queue(port: int) -> list[Row]:
    listener = await Listener.open(port, CLIENT)
    began = time.perf_counter()
    queued, _ = await asyncio.gather(_submit(port, TINY), listener.ends(TINY))
    seconds = time.perf_counter() - began
    listener.close()
    return [
        alone(f"tiny jobs/{TINY} at once/acknowledged", "rate", TINY / queued, "jobs/s"),
        alone(f"tiny jobs/{TINY} at once/done", "rate", TINY / seconds, "jobs/s"),
    ]


async def _listened(port: int) -> list[Row]:
    """Queue jobs while pages of others are open, which hear how long the queue is."""
    others = [await Listener.open(port, f"other{number}") for number in range(SOCKETS)]
    tasks = [asyncio.create_task(other.drain()) for other in others]
    listener = await Listener.open(port, CLIENT)
    began = time.perf_counter()
    await asyncio.gather(_submit(port, TINY), listener.ends(TINY))
    seconds = time.perf_counter() - began
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    sent = statistics.mean(other.received for other in others)
    for one in (*others, listener):
        one.close()
    return [
        alone(f"tiny jobs/{SOCKETS} sockets listening", "rate", TINY / seconds, "jobs/s"),
        alone(f"tiny jobs/{SOCKETS} sockets listening", "sent to each", sent / 1000, "kB"),
    ]


async def _trees(port: int) -> list[Row]:
    listener, connection = await Listener.open(port, CLIENT), await Connection.open(port)
    cold: list[float] = []
    cached: list[float] = []
    sent: list[int] = []
    for salt in range(3):
        api = tree(TREE, salt * TREE)
        before = listener.received
        cold.append(await _run(listener, connection, api))
        sent.append(listener.received - before)
        cached += [await _run(listener, connection, api) for _ in range(5)]
    listener.close()
    connection.close()
    return [
        alone(f"tree/{TREE}/cold", "wall", statistics.median(cold), "s"),
        alone(f"tree/{TREE}/cold", "sent to a socket", statistics.median(sent) / 1000, "kB"),
        alone(f"tree/{TREE}/cached", "wall", statistics.median(cached), "s"),
    ]


async def _many(port: int) -> list[Row]:
    listener = await Listener.open(port, CLIENT)
    ends = asyncio.create_task(listener.ends(MANY))
    began = time.perf_counter()
    queued = await _submit(port, MANY)
    await ends
    seconds = time.perf_counter() - began
    listener.close()
    return [
        alone(f"tiny jobs/{MANY} enqueued while they run", "wall", queued, "s"),
        alone(f"tiny jobs/{MANY} done", "wall", seconds, "s"),
    ]


async def _run(listener: Listener, connection: Connection, api: Api) -> float:
    """Return the seconds from the submission of a job to its end marker."""
    body = {"prompt": api, "client_id": CLIENT}
    began = time.perf_counter()
    await asyncio.gather(connection.post("/prompt", body), listener.ends(1))
    return time.perf_counter() - began


async def _submit(port: int, count: int) -> float:
    """Submit tiny jobs over several connections; return the seconds until the last answer."""
    connections = [await Connection.open(port) for _ in range(CONNECTIONS)]
    bodies = iter([{"prompt": tiny(), "client_id": CLIENT} for _ in range(count)])

    async def one_after_another(connection: Connection) -> None:
        for body in bodies:
            await connection.post("/prompt", body)

    began = time.perf_counter()
    await asyncio.gather(*map(one_after_another, connections))
    seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return seconds


if __name__ == "__main__":
    report(rows())
