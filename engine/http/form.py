"""A multipart form from a stranger: one file and a few short texts, within limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader
from aiohttp.http_exceptions import HttpProcessingError

from engine.http.answers import RefusedError, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import MultipartReader, web

    from engine.http.part import Part

_BLOCK = 2**18
_LONGEST_TEXT = 2**16
_MOST_PARTS = 64


@dataclass
class Form:
    """What a form held.

    Attributes:
        filename: Name that the client gave to the file, or empty where there was none.
        texts: The other fields that were asked for.
    """

    filename: str = ""
    texts: dict[str, str] = field(default_factory=dict[str, str])


async def read_form(
    request: web.Request, *, file: str, texts: Mapping[str, str], part: Part, most_bytes: int
) -> Form:
    """Read a form; fields that nobody asked for are skipped.

    Args:
        request: Its body is read as a stream.
        file: The field with the file.
        texts: The other fields, and their values where they are missing.
        part: Takes the file's bytes and is finished.
        most_bytes: Longest body.

    Raises:
        RefusedError: 400, the body is no such form; 413, it is too long.
        OSError: The disk is full.
    """
    reading = _Reading(part, file, most_bytes)
    form = Form(texts=dict(texts))
    try:
        reader = await request.multipart()
        for _ in range(_MOST_PARTS):
            field_part = await reader.next()
            if field_part is None:
                await asyncio.to_thread(part.finish)
                return form
            await reading.take(field_part, form)
    except (ValueError, RuntimeError, AssertionError, LookupError, HttpProcessingError) as error:
        refuse(400, "invalid_form", "the body is not a multipart form", str(error)[:200])
    raise RefusedError(400, "invalid_form", f"the form has more than {_MOST_PARTS} parts")


class _Reading:
    def __init__(self, part: Part, file: str, most_bytes: int) -> None:
        self._part = part
        self._file = file
        self._most = most_bytes
        self._bytes = 0

    async def take(self, field_part: BodyPartReader | MultipartReader, form: Form) -> None:
        """Read one field into the form."""
        if not isinstance(field_part, BodyPartReader):
            refuse(400, "invalid_form", "the form holds another form")
        name = field_part.name
        if name == self._file and field_part.filename and not form.filename:
            form.filename = field_part.filename
            while data := await self._block(field_part):
                await asyncio.to_thread(self._part.write, data)
        elif name is not None and name in form.texts:
            form.texts[name] = await self._text(field_part, name)
        else:
            while await self._block(field_part):
                pass

    async def _block(self, field_part: BodyPartReader) -> bytes:
        """Return the next bytes; none come after the last."""
        data = b""
        while not data and not field_part.at_eof():
            data = await field_part.read_chunk(_BLOCK)
        self._bytes += len(data)
        if self._bytes > self._most:
            refuse(413, "too_large", f"the request is longer than {self._most} bytes")
        return data

    async def _text(self, field_part: BodyPartReader, name: str) -> str:
        text = b""
        while data := await self._block(field_part):
            text += data
            if len(text) > _LONGEST_TEXT:
                refuse(400, "invalid_form", f"the field {name!r} is too long")
        return text.decode()
