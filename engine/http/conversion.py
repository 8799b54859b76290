"""`/workflow/convert`: a workflow in another form, for the editor's files and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.errors import WorkflowFormatError
from engine.http.answers import json_answer, read_body
from engine.http.routing import route
from engine.jobs.rewriting import Form

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


class ConversionRequest(msgspec.Struct):
    """What is to be converted.

    Attributes:
        workflow: In the API format, or as the canvas saves it (UI format 0.4 or 1).
        to: The form that is wanted.
    """

    workflow: dict[str, Any]
    to: Form


class ConversionAnswer(msgspec.Struct, omit_defaults=True):
    """The workflow in that form.

    Attributes:
        notes: What could not be taken over, a sentence each.
        workflow: The JSON, for `ui` and `api`.
        text: The script, for `python`.
    """

    notes: list[str]
    workflow: dict[str, Any] | None = None
    text: str | None = None


@route(
    "POST",
    "/workflow/convert",
    summary="Return a workflow in another form; nothing is run or kept.",
    tag="workflows",
    body=ConversionRequest,
    answers={200: ConversionAnswer, 400: None},
)
async def post_conversion(request: web.Request, services: Services) -> web.Response:
    """Answer with the workflow, drawn anew where it had no canvas."""
    asked = await read_body(request, ConversionRequest)
    done = await services.dispatcher.rewrite(asked.workflow, asked.to)
    if done.problems:
        first = done.problems[0]
        raise WorkflowFormatError(first.message, problem=first)
    form = {"text": done.text} if done.workflow is None else {"workflow": done.workflow}
    return json_answer({"notes": list(done.notes), **form})
