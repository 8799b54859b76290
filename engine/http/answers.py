"""Answers in the forms that ComfyUI's clients know, and requests read without trust."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import msgspec
from aiohttp import web

from engine.errors import WorkflowFormatError
from engine.graph.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
Whole = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
"""A whole number of a query, small enough for whatever counts with it."""

_JSON = "application/json"
_LARGE = 2**18
"""Bytes of JSON that are read beside the loop, which goes on with other clients meanwhile."""


class Plain(msgspec.Struct):
    """An error of routes whose errors are one sentence.

    Attributes:
        error: What is wrong.
    """

    error: str


class RefusedError(Exception):
    """A request that is answered with an error; the middleware makes the JSON.

    Args:
        status: HTTP status, 400 to 599.
        kind: Machine-readable name: `not_found`, `invalid_json`.
        message: What is wrong, in one sentence.
        details: More of it, for people.
    """

    def __init__(self, status: int, kind: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.details = details

    def answer(self) -> web.Response:
        """Return the answer."""
        return error_answer(self.status, self.kind, self.message, self.details)

    def plain_answer(self) -> web.Response:
        """Return the answer of routes whose errors are one sentence."""
        return json_answer({"error": self.message}, self.status)


def refuse(status: int, kind: str, message: str, details: str = "") -> NoReturn:
    """Answer a request with an error; see `RefusedError`.

    Raises:
        RefusedError: Always.
    """
    raise RefusedError(status, kind, message, details) from None


def json_answer(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    r"""Return a value as JSON; other letters than ASCII are written `\u....`, as ComfyUI does."""
    return json_text_answer(json.dumps(value, default=str).encode("ascii"), status, headers)


def json_text_answer(
    text: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return JSON that is written already.

    Args:
        text: UTF-8.
        status: HTTP status.
        headers: Further headers.
    """
    return web.Response(
        body=text, status=status, headers=headers, content_type=_JSON, charset="utf-8"
    )


def empty_answer(status: int = 200) -> web.Response:
    """Return an answer without a body."""
    return web.Response(status=status)


def error_answer(status: int, kind: str, message: str, details: str = "") -> web.Response:
    """Return an error in the shape of those of `POST /prompt`."""
    error = {"type": kind, "message": message, "details": details}
    return json_answer({"error": {**error, "extra_info": {}}}, status)


async def read_json(request: web.Request, *, empty: Any = None) -> Any:
    """Return the JSON body of a request, whatever content type it claims.

    Args:
        request: Its body is read whole, up to the limit of the application.
        empty: Returned for a body without anything in it.

    Raises:
        RefusedError: 400, the body is not JSON or breaks a limit.
    """
    body = await request.read()
    if not body.strip():
        return empty
    try:
        if len(body) > _LARGE:
            return await asyncio.to_thread(parse_json, body, "the request")
        return parse_json(body, "the request")
    except WorkflowFormatError as error:
        refuse(400, "invalid_json", str(error))


async def read_body(request: web.Request, kind: type[T]) -> T:
    """Return the JSON body of a request as a typed struct.

    Raises:
        RefusedError: 400, the body is not JSON or of another shape.
    """
    body = await read_json(request, empty={})
    try:
        return msgspec.convert(body, kind, strict=False)
    except msgspec.ValidationError as error:
        refuse(400, "invalid_body", "the body is not what this route takes", str(error))


def read_query(request: web.Request, kind: type[T]) -> T:
    """Return the query of a request as a typed struct; unknown parameters are ignored.

    Raises:
        RefusedError: 400, a parameter is of another type.
    """
    try:
        return msgspec.convert(dict(request.query), kind, strict=False)
    except msgspec.ValidationError as error:
        refuse(400, "invalid_query", _query_error(error), str(error))


def _query_error(error: msgspec.ValidationError) -> str:
    expected, _, name = str(error).partition(" - at `$.")
    name = name.rstrip("`")
    if "out of range" in expected or re.search("` [<>]", expected):
        return f"{name} is out of range"
    kind = "an integer" if expected.startswith("Expected `int") else "of another type"
    return f"{name} must be {kind}"
