"""`/api/jobs`: jobs that wait, run and ran in one list; stop them; hear what happens to one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import msgspec

from engine.http.answers import (
    Plain,
    RefusedError,
    Whole,
    json_answer,
    json_text_answer,
    read_json,
    read_query,
)
from engine.http.routing import route
from engine.jobs.history import STATUSES, JobsQuery, joined
from engine.jobs.node_reports import reports_of

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services
    from engine.jobs.job import State

_STATES: dict[str, State] = {status: state for state, status in STATUSES.items()}


class JobsPage(msgspec.Struct):
    """Which jobs, and in which order.

    Attributes:
        status: `pending`, `in_progress`, `completed`, `failed`, `cancelled`, joined by commas.
        workflow_id: Only jobs of the workflow with this id.
        sort_by: `created_at` or `execution_duration`.
        sort_order: `asc` or `desc`.
        limit: At most so many.
        offset: So many are passed over.
    """

    status: str | None = None
    workflow_id: str | None = None
    sort_by: str = "created_at"
    sort_order: str = "desc"
    limit: Whole | None = None
    offset: Whole = 0


class Jobs(msgspec.Struct):
    """A part of the list.

    Attributes:
        jobs: Items; what is not known is left out.
        pagination: `offset`, `limit`, `total`, `has_more`.
        paused: Nothing is begun until the queue is resumed.
    """

    jobs: list[dict[str, Any]]
    pagination: dict[str, Any]
    paused: bool = False


class Cancelled(msgspec.Struct):
    """What became of the wish to stop something.

    Attributes:
        cancelled: At least one job was stopped or taken away.
    """

    cancelled: bool


class Cancellation(msgspec.Struct):
    """Which jobs to stop.

    Attributes:
        job_ids: Their ids.
    """

    job_ids: list[str]


@route(
    "GET",
    "/jobs",
    summary="List jobs that wait, run and ran.",
    tag="jobs",
    query=JobsPage,
    answers={200: Jobs, 400: Plain},
    api_only=True,
)
async def get_jobs(request: web.Request, services: Services) -> web.Response:
    """Answer a part of the list."""
    try:
        page = read_query(request, JobsPage)
        query = _query(page)
    except RefusedError as error:
        return error.plain_answer()
    except ValueError as error:
        return json_answer({"error": str(error)}, 400)
    items, total = await services.queue.list_jobs(query)
    pagination = {
        "offset": query.offset,
        "limit": query.limit,
        "total": total,
        "has_more": query.offset + len(items) < total,
    }
    listed = {
        "jobs": [msgspec.Raw(item) for item in items],
        "pagination": pagination,
        "paused": services.queue.paused,
    }
    return json_text_answer(msgspec.json.encode(listed))


@route(
    "GET",
    "/jobs/{job_id}",
    summary="Show one job: its workflow, what its nodes cost, its outputs if it has ended.",
    tag="jobs",
    answers={200: dict[str, Any], 404: Plain},
    api_only=True,
)
async def get_job(request: web.Request, services: Services) -> web.Response:
    """Answer one job."""
    id_ = request.match_info["job_id"]
    job = await services.queue.job(id_)
    if job is None:
        return _no_job()
    reports = reports_of(await services.log.after(id_, 0))
    return json_text_answer(joined(job, b'{"node_reports":%b}' % reports))


@route(
    "POST",
    "/jobs/{job_id}/cancel",
    summary="Stop a job that runs, or take away one that waits.",
    tag="jobs",
    answers={200: Cancelled},
    api_only=True,
)
async def cancel_job(request: web.Request, services: Services) -> web.Response:
    """Stop one job."""
    cancelled = await services.dispatcher.cancel(request.match_info["job_id"])
    return json_answer({"cancelled": cancelled})


@route(
    "POST",
    "/jobs/cancel",
    summary="Stop several jobs.",
    tag="jobs",
    body=Cancellation,
    answers={200: Cancelled, 400: dict},
    api_only=True,
)
async def cancel_jobs(request: web.Request, services: Services) -> web.Response:
    """Stop several jobs."""
    try:
        body: Any = await read_json(request)
    except RefusedError as error:
        return json_answer({"error": error.message}, 400)
    ids: Any = cast("dict[str, Any]", body).get("job_ids") if isinstance(body, dict) else None
    if not isinstance(ids, list):
        return json_answer({"error": "job_ids is not a list"}, 400)
    given = cast("list[Any]", ids)
    wrong = [id_ for id_ in given if not _is_uuid(id_) and not _is_known(id_, services)]
    if wrong:
        return json_answer({"error": "not an id of a job", "invalid_ids": wrong}, 400)
    stopped = [await services.dispatcher.cancel(id_) for id_ in given]
    return json_answer({"cancelled": any(stopped)})


def _is_known(id_: Any, services: Services) -> bool:
    """Tell whether something is the id that a client chose for a job."""
    return isinstance(id_, str) and services.queue.get(id_) is not None


def _query(page: JobsPage) -> JobsQuery:
    """Return what the page asks for.

    Raises:
        ValueError: A parameter has a value that it may not have.
    """
    names = [name.strip() for name in (page.status or "").split(",") if name.strip()]
    unknown = [name for name in names if name not in _STATES]
    if unknown:
        raise ValueError(f"unknown status {unknown[0]!r}; known are {', '.join(_STATES)}")
    if page.sort_by not in {"created_at", "execution_duration"}:
        raise ValueError("sort_by is created_at or execution_duration")
    if page.sort_order not in {"asc", "desc"}:
        raise ValueError("sort_order is asc or desc")
    if page.limit is not None and page.limit <= 0:
        raise ValueError("limit is a whole number above 0")
    return JobsQuery(
        states=frozenset(_STATES[name] for name in names),
        workflow_id=page.workflow_id or None,
        by_duration=page.sort_by == "execution_duration",
        ascending=page.sort_order == "asc",
        limit=page.limit,
        offset=max(page.offset, 0),
    )


def _is_uuid(given: Any) -> bool:
    try:
        return isinstance(given, str) and str(uuid.UUID(given)) == given
    except ValueError:
        return False


def _no_job() -> web.Response:
    return json_answer({"error": "there is no such job"}, 404)
