"""What jobs gave, one result after the other, the newest first: what a gallery shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from engine.graph.json_text import items, mapping

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from engine.jobs.store import Store

_ENDED = "SELECT id, ended, summary, entry FROM job WHERE done IS NOT NULL"
_WANTED = "(CAST(prompt AS TEXT) LIKE ? ESCAPE '\\' OR CAST(summary AS TEXT) LIKE ? ESCAPE '\\')"


class Shown(msgspec.Struct, frozen=True):
    """Something that a job saved or showed.

    Attributes:
        job: The job's id.
        node: The node that gave it.
        kind: The key under which the node showed it: `images`, `audio`, `text`.
        item: The file (`filename`, `subfolder`, `type`), or the text.
        ended: When the job was over, in milliseconds since 1970.
        title: What the editor called the workflow.
    """

    job: str
    node: str
    kind: str
    item: Any
    ended: int
    title: str | None = None


class _Entry(msgspec.Struct):
    outputs: dict[str, Any]


class _Summary(msgspec.Struct):
    title: str | None = None


_entry = msgspec.json.Decoder(_Entry).decode
_summary = msgspec.json.Decoder(_Summary).decode


async def results(
    store: Store, words: Sequence[str], *, limit: int, offset: int
) -> tuple[list[Shown], bool]:
    """Return what the last jobs gave.

    Args:
        store: Has the jobs.
        words: Each must be in the workflow or in what it is called, in whatever case.
        limit: So many jobs are looked at.
        offset: So many of the newest ones that fit are passed over.

    Returns:
        The results, and whether older jobs are left.
    """
    patterns = [f"%{_pattern(word)}%" for word in words]
    query = "".join([_ENDED, *[f" AND {_WANTED}" for _ in patterns]])
    query += " ORDER BY done DESC LIMIT ? OFFSET ?"
    values = (*[one for one in patterns for _ in range(2)], limit + 1, offset)

    def select(connection: sqlite3.Connection) -> tuple[list[Shown], bool]:
        rows = connection.execute(query, values).fetchall()
        return [shown for row in rows[:limit] for shown in _of_job(row)], len(rows) > limit

    return await store.read(select)


def outputs_of(entry: bytes) -> dict[str, Any]:
    """Return what the nodes of a job showed, by node id, from its entry in the history."""
    return _entry(entry).outputs


def _pattern(word: str) -> str:
    r"""Return a word as JSON has it, with a `\` before what `LIKE` takes for signs of its own."""
    written = json.dumps(word, ensure_ascii=False)[1:-1]
    for sign in ("\\", "%", "_"):
        written = written.replace(sign, f"\\{sign}")
    return written


def _of_job(row: Sequence[Any]) -> Iterator[Shown]:
    """Yield the results of a job: what it saved before what it only showed."""
    id_, ended, summary, entry = row
    title = _summary(summary or b"{}").title
    found = [
        Shown(id_, node, kind, item, ended, title)
        for node, shown in outputs_of(entry).items()
        for kind, values in mapping(shown).items()
        for item in items(values)
        if isinstance(item, dict) or (kind == "text" and isinstance(item, str))
    ]
    yield from sorted(found, key=lambda one: mapping(one.item).get("type") != "output")
