"""What became of jobs: entries as `/history` shows them, items as `/api/jobs` does, events."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from engine.jobs.job import State, plain_number
from engine.jobs.result_files import remove_files
from engine.jobs.results import results

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from engine.files import Folders
    from engine.jobs.job import Job
    from engine.jobs.result_files import Removal
    from engine.jobs.results import Shown
    from engine.jobs.store import Store

MOST_ENTRIES = 10_000
"""Older entries are dropped."""
MOST_LOGS = 1_000
"""So many of the newest jobs keep their events."""
STATUSES: dict[State, str] = {
    "waiting": "pending",
    "running": "in_progress",
    "success": "completed",
    "error": "failed",
    "interrupted": "cancelled",
}
"""What `/api/jobs` calls the states."""
_ITEM = "id, state, number, created, started, ended, workflow, client, summary"
_COLUMNS = 9
_ENTRIES = "SELECT id, number, prompt, extra, targets, entry FROM job WHERE done IS NOT NULL"
_JOB = f"SELECT {_ITEM}, entry, prompt, extra FROM job WHERE done IS NOT NULL AND id = ?"  # noqa: S608


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a job that is over.

    Attributes:
        state: How it ended.
        entry: JSON object with `outputs`, `status` and `meta`, ComfyUI's history entry without its
            `prompt`.
        summary: JSON object of what `/api/jobs` tells besides times: counts, a preview, an error.
        events: The job's messages, as `EventLog` reads them.
    """

    state: State
    entry: bytes
    summary: bytes
    events: bytes = b""


class JobsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs are listed.

    Attributes:
        states: Only jobs in one of these; all for none.
        workflow_id: Only jobs of this workflow.
        by_duration: Sorted by how long they ran instead of when they came.
        ascending: The first or shortest come first.
        limit: At most so many; None is all.
        offset: So many are left out before.
    """

    states: frozenset[State] = frozenset()
    workflow_id: str | None = None
    by_duration: bool = False
    ascending: bool = False
    limit: int | None = None
    offset: int = 0


class Listed(NamedTuple):
    """A job in a list.

    Attributes:
        key: What lists are sorted by.
        item: JSON object.
    """

    key: tuple[int, str]
    item: bytes


class History:
    """Jobs that are over.

    Args:
        store: The file.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def entries(self, max_items: int | None = None, offset: int | None = None) -> bytes:
        """Return entries as one JSON object by job id, in the order in which they ended.

        Args:
            max_items: At most so many; the newest where no offset is given.
            offset: So many of the oldest are left out; negative counts as not given.
        """
        limit = -1 if max_items is None else max(max_items, 0)
        skip = max(offset or 0, 0)
        newest = max_items is not None and (offset is None or offset < 0)
        order = "DESC" if newest else "ASC"
        query = f"{_ENTRIES} ORDER BY done {order} LIMIT ? OFFSET ?"

        def select(connection: sqlite3.Connection) -> bytes:
            rows = connection.execute(query, (limit, skip)).fetchall()
            return _object(reversed(rows) if newest else rows)

        return await self._store.read(select)

    async def entry(self, id: str) -> bytes | None:  # noqa: A002 - the word of the field
        """Return the entry of one job as a JSON object by its id, or None where there is none."""
        query = f"{_ENTRIES} AND id = ?"
        row = await self._store.read(lambda one: one.execute(query, (id,)).fetchone())
        return None if row is None else _object([row])

    async def forget(self, ids: Sequence[str]) -> None:
        """Remove the entries of some jobs."""
        rows = [(id_,) for id_ in ids]

        def delete(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM job WHERE done IS NOT NULL AND id = ?", rows)
            connection.executemany("DELETE FROM events WHERE id = ?", rows)

        await self._store.write(delete)

    async def forget_all(self) -> None:
        """Remove all entries."""

        def delete(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM job WHERE done IS NOT NULL")
            connection.execute("DELETE FROM events")

        await self._store.write(delete)

    async def remove_files(self, folders: Folders, ids: Sequence[str]) -> Removal:
        """Delete the files of some jobs, whose entries stay; see `remove_files`."""
        return await remove_files(self._store, folders, ids)

    async def listed(self, query: JobsQuery) -> tuple[list[Listed], int]:
        """Return the first jobs of a list that are over, and how many there are in all.

        Args:
            query: Which; the offset is not applied, but counts towards the limit.
        """
        where, values = _conditions(query)
        key = "ended - COALESCE(started, ended)" if query.by_duration else "created"
        direction = "ASC" if query.ascending else "DESC"
        limit = -1 if query.limit is None else query.offset + query.limit
        order = f"{key} {direction}, id {direction}"
        # Only constants of this file are put together here; values of clients are parameters.
        listing = f"SELECT {key}, {_ITEM} FROM job WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608
        counting = f"SELECT COUNT(*) FROM job INDEXED BY job_listed WHERE {where}"  # noqa: S608

        def select(connection: sqlite3.Connection) -> tuple[list[Any], int]:
            rows = connection.execute(listing, (*values, limit)).fetchall()
            (total,) = connection.execute(counting, values).fetchone()
            return rows, total

        rows, total = await self._store.read(select)
        return [Listed((row[0], row[1]), _item(row[1:])) for row in rows], total

    async def item(self, id: str) -> bytes | None:  # noqa: A002 - the word of the field
        """Return one job that is over as lists show it, or None."""
        query = f"SELECT {_ITEM} FROM job WHERE done IS NOT NULL AND id = ?"  # noqa: S608
        row = await self._store.read(lambda one: one.execute(query, (id,)).fetchone())
        return None if row is None else _item(row)

    async def job(self, id: str) -> bytes | None:  # noqa: A002 - the word of the field
        """Return one job that is over as `/api/jobs/{id}` shows it, or None."""
        row = await self._store.read(lambda one: one.execute(_JOB, (id,)).fetchone())
        if row is None:
            return None
        entry = msgspec.json.decode(row[_COLUMNS], type=dict[str, msgspec.Raw])
        more = {
            "outputs": entry["outputs"],
            "execution_status": entry["status"],
            "workflow": {
                "prompt": msgspec.Raw(row[_COLUMNS + 1]),
                "extra_data": msgspec.Raw(row[_COLUMNS + 2]),
            },
        }
        return joined(_item(row[:_COLUMNS]), msgspec.json.encode(more))

    async def results(
        self, words: Sequence[str], *, limit: int, offset: int
    ) -> tuple[list[Shown], bool]:
        """Return what the last jobs gave, and whether older jobs are left; see `results`."""
        return await results(self._store, words, limit=limit, offset=offset)

    async def events(self, id: str) -> bytes | None:  # noqa: A002 - the word of the field
        """Return the messages of one job that is over, as `Outcome.events`, where still kept."""
        query = "SELECT log FROM events WHERE id = ?"
        row = await self._store.read(lambda one: one.execute(query, (id,)).fetchone())
        return None if row is None else zlib.decompress(row[0])


def write_outcome(connection: sqlite3.Connection, job: Job, outcome: Outcome, done: int) -> None:
    """Write how a job ended, and drop what is too old to be kept.

    Args:
        connection: Inside a transaction.
        job: The job, with the time when it ended.
        outcome: What is kept of it.
        done: How many jobs have ended so far.
    """
    connection.execute(
        "UPDATE job SET state = ?, started = ?, ended = ?, done = ?, summary = ?, entry = ?, "
        "graph = NULL WHERE id = ?",
        (outcome.state, job.started, job.ended, done, outcome.summary, outcome.entry, job.id),
    )
    connection.execute("DELETE FROM job WHERE done <= ?", (done - MOST_ENTRIES,))
    if outcome.events:
        log = zlib.compress(outcome.events, 1)
        connection.execute("INSERT OR REPLACE INTO events VALUES (?, ?, ?)", (job.id, done, log))
        connection.execute("DELETE FROM events WHERE done <= ?", (done - MOST_LOGS,))


def live_item(job: Job, place: int | None = None) -> bytes:
    """Return a job that is not over as `/api/jobs` lists it.

    Args:
        job: The job.
        place: How many others will run before it, where it waits and that is known.
    """
    asked = job.submission
    times = (asked.created, job.started, None)
    names = (asked.workflow_id, asked.client_id)
    item = _item((asked.id, job.state, job.number, *times, *names, None))
    more: dict[str, Any] = {} if asked.title is None else {"title": asked.title}
    if place is not None:
        more["place"] = place
    if job.state == "running":
        more |= how_far(job)
    return joined(item, msgspec.json.encode(more)) if more else item


def how_far(job: Job) -> dict[str, float]:
    """Return the percentage of a job that is done and, where known, the seconds that are left."""
    told = {"percent": round(job.percent, 1)}
    if job.seconds_left is not None:
        told["seconds_left"] = round(job.seconds_left, 1)
    return told


def live_job(job: Job) -> bytes:
    """Return a job that is not over as `/api/jobs/{id}` shows it."""
    asked = job.submission
    workflow = {"prompt": msgspec.Raw(asked.prompt), "extra_data": msgspec.Raw(asked.extra_data)}
    return joined(live_item(job), msgspec.json.encode({"workflow": workflow}))


def joined(first: bytes, second: bytes) -> bytes:
    """Return two JSON objects, neither of them empty, as one."""
    return first[:-1] + b"," + second[1:]


def _object(rows: Iterable[Sequence[Any]]) -> bytes:
    parts: list[bytes] = []
    for id_, number, prompt, extra, targets, entry in rows:
        name = msgspec.json.encode(id_)
        place = msgspec.json.encode(plain_number(number))
        item = b",".join((place, name, prompt, extra, targets))
        parts.append(b'%b:{"prompt":[%b],%b' % (name, item, entry[1:]))
    return b"{" + b",".join(parts) + b"}"


def _item(row: Sequence[Any]) -> bytes:
    id_, state, number, created, started, ended, workflow, client, summary = row
    told = {
        "id": id_,
        "status": STATUSES[state],
        "priority": plain_number(number),
        "create_time": created,
        "execution_start_time": started,
        "execution_end_time": ended,
        "workflow_id": workflow,
        "client_id": client,
    }
    item = msgspec.json.encode({name: value for name, value in told.items() if value is not None})
    return item if summary is None or summary == b"{}" else joined(item, summary)


def _conditions(query: JobsQuery) -> tuple[str, tuple[Any, ...]]:
    parts = ["done IS NOT NULL"]
    values: list[Any] = []
    if query.states:
        parts.append(f"state IN ({', '.join('?' * len(query.states))})")
        values += sorted(query.states)
    if query.workflow_id is not None:
        parts.append("workflow = ?")
        values.append(query.workflow_id)
    return " AND ".join(parts), tuple(values)
