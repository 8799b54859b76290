"""`/api/jobs/{id}/control`: ask something of a node that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from engine.http.answers import empty_answer, read_body, refuse
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


_Name = Annotated[str, msgspec.Meta(max_length=256)]


class Request(msgspec.Struct):
    """What is asked of a node that runs.

    Attributes:
        node: Id of the node, as messages tell it.
        action: One of the actions that the node offers (`report` of kind `controls`): training
            nodes offer `pause`, `resume`, `save`, `stop` and `sample`.
    """

    node: _Name
    action: _Name


@route(
    "POST",
    "/jobs/{job_id}/control",
    summary="Ask something of a node that runs: training pauses, goes on, saves, stops early.",
    tag="jobs",
    body=Request,
    answers={200: None, 400: dict, 404: dict, 409: dict},
    api_only=True,
)
async def control_job(request: web.Request, services: Services) -> web.Response:
    """Pass a request on to a node, which obeys it between two steps."""
    job = request.match_info["job_id"]
    asked = await read_body(request, Request)
    if await services.queue.job(job) is None:
        refuse(404, "not_found", "there is no such job", job)
    reason = await services.dispatcher.control(job, asked.node, asked.action)
    if reason is not None:
        refuse(409, "not_possible", reason)
    return empty_answer()
