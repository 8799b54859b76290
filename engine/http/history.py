"""`/history`: what ran, with its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.http.answers import (
    Plain,
    RefusedError,
    Whole,
    empty_answer,
    json_text_answer,
    read_body,
    read_query,
)
from engine.http.routing import route

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


class Page(msgspec.Struct):
    """Which part of the history.

    Attributes:
        max_items: Most entries; the newest ones where no offset is given.
        offset: Entries to pass over, from the oldest; a negative one is none.
    """

    max_items: Whole | None = None
    offset: Whole = -1


class HistoryChange(msgspec.Struct):
    """What to forget.

    Attributes:
        clear: Everything.
        delete: Ids of jobs; unknown ones are passed over.
    """

    clear: bool = False
    delete: list[str] = []


@route(
    "GET",
    "/history",
    summary="Show what ran, oldest first.",
    tag="history",
    query=Page,
    answers={200: dict[str, Any], 400: Plain},
)
async def get_history(request: web.Request, services: Services) -> web.Response:
    """Answer entries by job."""
    try:
        page = read_query(request, Page)
    except RefusedError as error:
        return error.plain_answer()
    return json_text_answer(await services.queue.history.entries(page.max_items, page.offset))


@route(
    "GET",
    "/history/{prompt_id}",
    summary="Show what one job gave; empty for one that has not ended.",
    tag="history",
    answers={200: dict[str, Any]},
)
async def get_entry(request: web.Request, services: Services) -> web.Response:
    """Answer one entry under its id."""
    entry = await services.queue.history.entry(request.match_info["prompt_id"])
    return json_text_answer(b"{}" if entry is None else entry)


@route(
    "POST",
    "/history",
    summary="Forget jobs that ended; their files stay.",
    tag="history",
    body=HistoryChange,
    answers={200: None, 400: dict},
)
async def post_history(request: web.Request, services: Services) -> web.Response:
    """Forget entries."""
    change = await read_body(request, HistoryChange)
    history = services.queue.history
    if change.clear:
        await history.forget_all()
    if change.delete:
        await history.forget(change.delete)
    return empty_answer()
