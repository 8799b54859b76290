"""Answers made smaller on the way, for those who asked for it with a flag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

_WORTH_IT = 1024
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


def takes_gzip(request: web.Request) -> bool:
    """Tell whether a client says that it takes gzip; `gzip;q=0` says that it does not."""
    for one in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, *parameters = (part.strip() for part in one.split(";"))
        if coding in {"gzip", "*"}:
            return not any(_REFUSED.fullmatch(parameter) for parameter in parameters)
    return False


@web.middleware
async def compress(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Compress JSON and text where the client takes gzip and nothing is compressed yet."""
    answer = await handler(request)
    is_text = answer.content_type == "application/json" or answer.content_type.startswith("text/")
    if (
        is_text
        and isinstance(answer, web.Response)
        and isinstance(answer.body, bytes)
        and len(answer.body) >= _WORTH_IT
        and "Content-Encoding" not in answer.headers
        and takes_gzip(request)
    ):
        answer.headers["Vary"] = "Accept-Encoding"
        answer.enable_compression(web.ContentCoding.gzip)
    return answer
