"""`/prompt`: take a workflow into the queue, or say what is wrong with it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import msgspec

from engine.graph.api_format import is_api_format
from engine.graph.json_text import mapping
from engine.graph.ui_format import is_ui_format
from engine.http.answers import RefusedError, json_answer, read_json, refuse
from engine.http.prompt_errors import node_errors, prompt_error, refusal
from engine.http.routing import route
from engine.jobs.job import now_ms, plain_number, submission_of

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services
    from engine.jobs.checking import Checked
    from engine.jobs.job import Job, Place

SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")
"""Keys of `extra_data` that nodes may use and nobody may see."""
LONGEST_ID = 256
_USAGE = "comfy_usage_source"
_CORS_SAFE_KEY = "idempotency_key"


class PromptRequest(msgspec.Struct):
    """What a client asks for.

    Attributes:
        prompt: A workflow, in the API format or as the canvas saves it (UI format 0.4 or 1).
        client_id: Whose socket hears of the run.
        prompt_id: The job's id; made up when left out.
        extra_data: `extra_pnginfo` is saved inside pictures; everything is kept in the history.
        front: Run it before everything that waits.
        number: Place in the queue; smaller is earlier.
        partial_execution_targets: Ids of the output nodes that are wanted.
        idempotency_key: A second request with the same key is the same job.
    """

    prompt: dict[str, Any]
    client_id: str | None = None
    prompt_id: str | None = None
    extra_data: dict[str, Any] | None = None
    front: bool = False
    number: float | None = None
    partial_execution_targets: list[str] | None = None
    idempotency_key: str | None = None


class PromptAnswer(msgspec.Struct):
    """A job that is in the queue.

    Attributes:
        prompt_id: The job's id.
        number: Its place in the queue.
        node_errors: What is wrong with nodes whose outputs are left out.
    """

    prompt_id: str
    number: float
    node_errors: dict[str, Any]


class Refusal(msgspec.Struct):
    """A prompt that is not in the queue.

    Attributes:
        error: `type`, `message`, `details` and `extra_info`.
        node_errors: What is wrong with each node.
    """

    error: dict[str, Any]
    node_errors: dict[str, Any]


class Remaining(msgspec.Struct):
    """How much is left to do.

    Attributes:
        exec_info: `queue_remaining`: jobs that wait or run.
    """

    exec_info: dict[str, int]


@route(
    "GET",
    "/prompt",
    summary="Tell how many jobs wait or run.",
    tag="prompt",
    answers={200: Remaining},
)
async def get_prompt(_: web.Request, services: Services) -> web.Response:
    """Answer how many jobs are left."""
    return json_answer({"exec_info": {"queue_remaining": services.queue.remaining}})


@route(
    "POST",
    "/prompt",
    summary="Put a workflow into the queue; it is on disk before the answer leaves.",
    tag="prompt",
    body=PromptRequest,
    answers={200: PromptAnswer, 400: Refusal},
)
async def post_prompt(request: web.Request, services: Services) -> web.Response:
    """Check a workflow and queue it."""
    try:
        return await _answer(request, services)
    except RefusedError as error:
        return json_answer(prompt_error(error.kind, error.message, error.details), error.status)


async def _answer(request: web.Request, services: Services) -> web.Response:
    body = _body(await read_json(request, empty={}))
    place = services.queue.take_number(_number(body), front=body.get("front") is True)
    if "prompt" not in body:
        return json_answer(prompt_error("no_prompt", "the request has no workflow"), 400)
    id_ = _id(body.get("prompt_id"))
    if id_ is None:
        message = f"prompt_id is no plain text of at most {LONGEST_ID} characters"
        return json_answer(prompt_error("invalid_prompt_id", message), 400)
    checked = await services.dispatcher.check(body["prompt"], _targets(body))
    refused = refusal(checked)
    if refused is not None:
        return json_answer(refused, 400)
    job = await _queue(request, body, services, id_, checked, place)
    answer = {
        "prompt_id": job.id,
        "number": plain_number(job.submission.number),
        "node_errors": node_errors(checked),
    }
    return json_answer(answer)


async def _queue(
    request: web.Request,
    body: dict[str, Any],
    services: Services,
    id_: str,
    checked: Checked,
    place: Place,
) -> Job:
    extra = dict(mapping(body.get("extra_data")))
    secrets = {name: str(extra.pop(name)) for name in SECRETS if extra.get(name) is not None}
    for name in SECRETS:
        extra.pop(name, None)
    if body.get("client_id") is not None:
        extra["client_id"] = str(body["client_id"])
    source = request.headers.get("Comfy-Usage-Source")
    if source is not None:
        extra.setdefault(_USAGE, source)
    extra["create_time"] = now_ms()
    key = body.get(_CORS_SAFE_KEY, request.headers.get("Idempotency-Key"))
    submission = submission_of(
        checked,
        id=id_,
        extra_data=extra,
        place=place,
        secrets=secrets,
        idempotency_key=None if key is None else str(key)[:LONGEST_ID],
    )
    return (await services.queue.put(submission)).job


def _body(given: Any) -> dict[str, Any]:
    """Return the request's fields; a workflow that was sent bare is its `prompt`."""
    if not isinstance(given, dict):
        refuse(400, "invalid_prompt", "the request is not a JSON object")
    body = cast("dict[str, Any]", given)
    if "prompt" not in body and (is_ui_format(body) or is_api_format(body)):
        return {"prompt": body}
    return body


def _number(body: dict[str, Any]) -> float | None:
    """Return the place that the client asks for.

    Raises:
        RefusedError: 400, it is no number.
    """
    given = body.get("number")
    if given is None:
        return None
    try:
        return float(given)
    except (TypeError, ValueError, OverflowError):
        refuse(400, "invalid_number", "number is not a number", repr(given)[:100])


def _id(given: Any) -> str | None:
    """Return the job's id, a new one where none is given, or None where it is unusable."""
    if given is None:
        return str(uuid.uuid4())
    id_ = str(given)
    return id_ if 0 < len(id_) <= LONGEST_ID and id_.isprintable() else None


def _targets(body: dict[str, Any]) -> list[str] | None:
    given = body.get("partial_execution_targets")
    return [str(one) for one in cast("list[Any]", given)] if isinstance(given, list) else None
