"""A job: a workflow that somebody asked for, and how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from engine.graph.json_text import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.jobs.checking import Checked

State = Literal["waiting", "running", "success", "error", "interrupted"]
"""Where a job stands; the last three are final."""


class Place(NamedTuple):
    """A place in the queue.

    Attributes:
        number: Smaller is earlier.
        fair: The client did not choose the number, so that clients take turns.
    """

    number: float
    fair: bool = True


def now_ms() -> int:
    """Return the time as the wire tells it: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asked for, checked. JSON that nobody looks into stays as bytes.

    Attributes:
        id: The job's id.
        prompt: The workflow as API JSON, as `/queue` and `/history` show it.
        graph: The same as the worker reads it, where lists that are constants stay wrapped; None
            where it is no different.
        targets: Ids of the output nodes that are wanted.
        extra_data: JSON object of what the client sent along, without secrets.
        secrets: Tokens for nodes; they are kept in memory only and never shown.
        client_id: Gets the job's messages; None where nobody does.
        previews: How previews are made, where the client says so.
        workflow_id: The id that the editor gave to the workflow, or None.
        title: What the editor calls the workflow, or None.
        created: When it came, in milliseconds since 1970.
        number: Place in the queue; smaller is earlier.
        fair: The number was not chosen by the client, so that clients take turns.
        idempotency_key: A second submission with the same key is the same job.
    """

    id: str
    prompt: bytes
    graph: bytes | None = None
    targets: tuple[str, ...] = ()
    extra_data: bytes = b"{}"
    secrets: dict[str, str] = {}
    client_id: str | None = None
    previews: str | None = None
    workflow_id: str | None = None
    title: str | None = None
    created: int = 0
    number: float = 0
    fair: bool = True
    idempotency_key: str | None = None


_LONGEST_TITLE = 200
"""Characters of a title that lists of jobs show."""


def submission_of(
    checked: Checked,
    *,
    id: str,  # noqa: A002 - the word of the field
    extra_data: Mapping[str, Any],
    place: Place,
    secrets: Mapping[str, str] | None = None,
    idempotency_key: str | None = None,
) -> Submission:
    """Return the submission of a checked workflow.

    Args:
        checked: What checking gave; it has at least one target.
        id: The job's id.
        extra_data: What the client sent along, without secrets. `client_id`, `create_time` (ms),
            `preview_method`, `workflow_title` and the id in `extra_pnginfo.workflow` are read from
            it; a canvas that the workflow came as is added to its `extra_pnginfo`.
        place: From `JobQueue.take_number`.
        secrets: Tokens for nodes.
        idempotency_key: Names the submission across repetitions.
    """
    extra = dict(extra_data)
    if checked.extra_pnginfo is not None:
        extra["extra_pnginfo"] = {**checked.extra_pnginfo, **mapping(extra.get("extra_pnginfo"))}
    workflow = mapping(mapping(extra.get("extra_pnginfo")).get("workflow"))
    client = extra.get("client_id")
    created = extra.get("create_time")
    return Submission(
        id=id,
        prompt=bytes(checked.prompt),
        graph=None if checked.graph is None else bytes(checked.graph),
        targets=tuple(checked.targets),
        extra_data=msgspec.json.encode(extra),
        secrets=dict(secrets or {}),
        client_id=client if isinstance(client, str) and client else None,
        previews=_text(extra.get("preview_method")),
        workflow_id=_text(workflow.get("id")),
        title=(_text(extra.get("workflow_title")) or "")[:_LONGEST_TITLE] or None,
        created=created if isinstance(created, int) else now_ms(),
        number=place.number,
        fair=place.fair,
        idempotency_key=idempotency_key,
    )


class Job(msgspec.Struct, kw_only=True, eq=False):
    """A job in the hands of the server.

    Attributes:
        submission: What was asked for.
        state: Where it stands.
        number: Place in the queue; moving the job changes it.
        fair: The queue may let other clients' jobs go first.
        rank: Order among equal numbers, after jobs were moved by hand.
        attempts: How often a worker died of it since it last got further.
        started: When it began to run, in milliseconds since 1970, or None.
        ended: When it was over, or None.
        percent: How much of it is done, 0 to 100.
        seconds_left: How long it will still take, where that can be told.
        worker: Index of the worker that runs it, or None.
        resumed: A server that is gone had begun it.
    """

    submission: Submission
    state: State = "waiting"
    number: float = 0
    fair: bool = True
    rank: float = 0.0
    attempts: int = 0
    started: int | None = None
    ended: int | None = None
    percent: float = 0.0
    seconds_left: float | None = None
    worker: int | None = None
    resumed: bool = False

    @classmethod
    def of(cls, submission: Submission) -> Job:
        """Return a new job, waiting."""
        return cls(submission=submission, number=submission.number, fair=submission.fair)

    @property
    def id(self) -> str:
        """The job's id."""
        return self.submission.id

    def item(self) -> list[Any]:
        """Return the job as `/queue` shows it: number, id, prompt, extra data, targets."""
        asked = self.submission
        return [
            plain_number(self.number),
            asked.id,
            msgspec.Raw(asked.prompt),
            msgspec.Raw(asked.extra_data),
            list(asked.targets),
        ]


def plain_number(number: float) -> float | int:
    """Return a number as ComfyUI's JSON shows it: whole ones without a point."""
    return int(number) if number.is_integer() else number


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
