"""`/api/drafts`: which drafts the editor keeps for a user, told without what is in them.

A draft is a journal in `drafts/ID.jsonl`: lines of JSON, the first with the whole workflow
(`base`), later ones with what changed. Any line may bring the `facts` of the draft anew.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from engine.files import beneath
from engine.http.answers import json_answer
from engine.http.routing import route
from engine.http.user_files import files_in
from engine.http.users import home_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

FOLDER = "drafts"
_SUFFIX = ".jsonl"


class Draft(msgspec.Struct, frozen=True):
    """A draft, as a list shows it.

    Attributes:
        id: Of the open document; the journal is `drafts/<id>.jsonl` in `/userdata`.
        title: What the workflow is called.
        browser: The name of the browser that keeps it.
        path: Where the workflow is saved; null where it is in no file.
        unsaved: It has changes that no file has.
        size: Of the journal, in bytes.
        modified: When it was written last, in seconds since 1970.
    """

    id: str
    title: str
    browser: str
    path: str | None
    unsaved: bool
    size: int
    modified: float


class _Facts(msgspec.Struct):
    title: str
    browser: str = ""
    path: str | None = None
    unsaved: bool = False


class _Line(msgspec.Struct):
    base: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    facts: _Facts | None = None


_line = msgspec.json.Decoder(_Line).decode


@route(
    "GET",
    "/drafts",
    summary="The drafts that the editor keeps, without their contents; the newest first.",
    tag="users",
    answers={200: list[Draft]},
    api_only=True,
)
async def list_drafts(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with what each journal says about itself; journals without a whole state are none."""
    folder = beneath(home_of(request, services), FOLDER)
    found = await asyncio.to_thread(lambda: sorted(_drafts_in(folder), key=_age))
    return json_answer(msgspec.to_builtins(found))


def _age(draft: Draft) -> float:
    return -draft.modified


def _drafts_in(folder: Path) -> Iterator[Draft]:
    for file in files_in(folder, deep=False):
        if not file.path.endswith(_SUFFIX):
            continue
        facts = _facts_of(folder / file.path)
        if facts is not None:
            id_ = file.path.removesuffix(_SUFFIX)
            told = (facts.title, facts.browser, facts.path, facts.unsaved)
            yield Draft(id_, *told, file.size, file.modified)


def _facts_of(path: Path) -> _Facts | None:
    """Return the last facts of a journal; None where it has none, or no whole state.

    What follows a line that was cut off counts for nothing, up to the next whole state.
    """
    facts: _Facts | None = None
    torn = True
    try:
        with path.open("rb") as file:
            for text in file:
                line = _read(text)
                torn = line is None or (torn and line.base is msgspec.UNSET)
                if line is not None and not torn and line.facts is not None:
                    facts = line.facts
    except OSError:  # deleted meanwhile
        return None
    return facts


def _read(text: bytes) -> _Line | None:
    try:
        return _line(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
