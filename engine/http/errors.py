"""Whatever goes wrong becomes JSON; tracebacks go to the log and nowhere else."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from aiohttp import web

from engine.errors import FileProblemError, LoomError, PathEscapeError
from engine.http.answers import RefusedError, error_answer

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

LOG = logging.getLogger("engine.http")

_KINDS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with JSON where a handler refuses, fails, or is not there."""
    try:
        return await handler(request)
    except RefusedError as error:
        return error.answer()
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - a redirect is not an error
            raise
        answer = error_answer(error.status, _KINDS.get(error.status, "error"), error.reason)
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except LoomError as error:
        return _of_ours(error)
    except (asyncio.CancelledError, ConnectionError):
        raise
    except Exception:
        LOG.exception("%s %s failed", request.method, request.path)
        return error_answer(500, "internal_error", "the server failed; its log says where")


def _of_ours(error: LoomError) -> web.Response:
    problem = error.problem
    details = "; ".join(part for part in (problem.expected, problem.got) if part)
    if isinstance(error, PathEscapeError):
        return error_answer(403, problem.kind, problem.message)
    status = 404 if isinstance(error, FileProblemError) else 400
    return error_answer(status, problem.kind, problem.message, details)
