"""Jobs as rows of the store's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.jobs.job import Job, Submission

if TYPE_CHECKING:
    import sqlite3

COUNTER = "counter"
"""The setting that keeps the number of the next submission."""
PAUSED = "paused"
"""The setting that keeps whether jobs are begun."""
_TITLE = "json_extract(CAST(extra AS TEXT), '$.workflow_title')"
"""What the editor calls the workflow of a job."""
_COLUMNS = (
    "id, prompt, graph, targets, extra, client, previews, workflow, created, number, fair, key, "
    f"state, rank, attempts, started, {_TITLE}"
)


def insert(connection: sqlite3.Connection, submission: Submission, counter: int) -> Job | None:
    """Write a new job; return the earlier one instead where it was submitted already.

    Args:
        connection: Inside a transaction.
        submission: What was asked for.
        counter: The number of the next submission.
    """
    values = (
        submission.id,
        submission.idempotency_key,
        submission.number,
        submission.fair,
        submission.client_id,
        submission.previews,
        submission.workflow_id,
        submission.created,
        msgspec.json.encode(submission.targets),
        submission.extra_data,
        submission.graph,
        submission.prompt,
    )
    written = connection.execute(
        "INSERT OR IGNORE INTO job (state, id, key, number, fair, client, previews, workflow, "
        "created, targets, extra, graph, prompt) VALUES ('waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?)",
        values,
    )
    write_setting(connection, COUNTER, counter)
    if written.rowcount:
        return None
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM job WHERE id = ? OR key = ?",  # noqa: S608 - constant columns
        (submission.id, submission.idempotency_key),
    ).fetchone()
    return _job(row)


def live_jobs(connection: sqlite3.Connection) -> list[Job]:
    """Return the jobs that are not over, in the order in which they came; all of them wait.

    Those that were under way have a time at which they began.
    """
    query = f"SELECT {_COLUMNS} FROM job WHERE done IS NULL ORDER BY sequence"  # noqa: S608
    jobs = [_job(row) for row in connection.execute(query).fetchall()]
    for job in jobs:
        job.state = "waiting"
    return jobs


def setting(connection: sqlite3.Connection, name: str) -> Any:
    """Return a setting of the queue, or None where it was never set."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def write_setting(connection: sqlite3.Connection, name: str, value: Any) -> None:
    """Keep a setting of the queue."""
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))


def _job(row: Any) -> Job:
    submission = Submission(
        id=row[0],
        prompt=row[1],
        graph=row[2],
        targets=msgspec.json.decode(row[3], type=tuple[str, ...]),
        extra_data=row[4],
        client_id=row[5],
        previews=row[6],
        workflow_id=row[7],
        created=row[8],
        number=row[9],
        fair=bool(row[10]),
        idempotency_key=row[11],
        title=row[16],
    )
    job = Job.of(submission)
    job.state, job.rank, job.attempts, job.started = row[12:16]
    return job
