"""Whatever goes wrong becomes JSON; tracebacks go to the log and nowhere else."""

from __future__ import annotations

import asyncio
import errno
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
_DISK = {
    errno.ENOENT: (404, "not_found", "there is no such file"),
    errno.EACCES: (403, "forbidden", "the file may not be read or written"),
    errno.EPERM: (403, "forbidden", "the file may not be read or written"),
    errno.EROFS: (403, "forbidden", "the folder cannot be written"),
    errno.EEXIST: (409, "exists", "a file stands where a folder is needed"),
    errno.ENOTDIR: (409, "exists", "a file stands where a folder is needed"),
    errno.EISDIR: (409, "exists", "a folder stands where a file is needed"),
    errno.ENOTEMPTY: (409, "exists", "a folder stands where a file is needed"),
    errno.ENAMETOOLONG: (400, "invalid_path", "the name is too long"),
    errno.EINVAL: (400, "invalid_path", "the file system does not take the name"),
    errno.ENOSPC: (507, "disk_full", "the disk is full"),
    errno.EDQUOT: (507, "disk_full", "the disk is full"),
}
"""What users can bring about, and what is only to be told to them."""
_GARBLED = RefusedError(400, "invalid_body", "the body is not encoded as its headers say")


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with JSON where a handler refuses, fails, or is not there."""
    try:
        return await handler(request)
    except (RefusedError, web.RequestPayloadError) as error:
        return (error if isinstance(error, RefusedError) else _GARBLED).answer()
    except web.HTTPException as error:
        return _of_aiohttp(error)
    except LoomError as error:
        return _of_ours(error)
    except (asyncio.CancelledError, ConnectionError):
        raise
    except OSError as error:
        return _of_disk(error, request)
    except Exception:
        LOG.exception("%s failed", _asked(request))
        return error_answer(500, "internal_error", "the server failed; its log says where")


def _of_aiohttp(error: web.HTTPException) -> web.Response:
    if error.status < 400:  # noqa: PLR2004 - a redirect is not an error
        raise error
    answer = error_answer(error.status, _KINDS.get(error.status, "error"), error.reason)
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer


def _of_ours(error: LoomError) -> web.Response:
    problem = error.problem
    details = "; ".join(part for part in (problem.expected, problem.got) if part)
    if isinstance(error, PathEscapeError):
        return error_answer(403, problem.kind, problem.message)
    status = 404 if isinstance(error, FileProblemError) else 400
    return error_answer(status, problem.kind, problem.message, details)


def _of_disk(error: OSError, request: web.Request) -> web.Response:
    found = _DISK.get(error.errno or 0)
    if found is None:
        LOG.error("%s failed", _asked(request), exc_info=error)
        found = (500, "internal_error", "the server failed; its log says where")
    else:
        LOG.warning("%s: %s", _asked(request), error)
    return error_answer(*found)


def _asked(request: web.Request) -> str:
    """Return what was asked as one line of the log: the path as it came, without the query."""
    return f"{request.method} {request.rel_url.raw_path}"
