"""`/api/results`: what jobs gave, found by what their workflows say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.http.answers import Whole, json_text_answer, read_query
from engine.http.routing import route
from engine.jobs.results import Shown

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services

_MOST_JOBS = 500
_MOST_WORDS = 16


class ResultsPage(msgspec.Struct):
    """Which results.

    Attributes:
        query: Words that must all be in the workflow or its title, joined by spaces.
        limit: So many jobs are looked at, at most 500.
        offset: So many of the newest jobs that fit are passed over.
    """

    query: str = ""
    limit: Whole = 60
    offset: Whole = 0


class Results(msgspec.Struct):
    """A part of the results, the newest first.

    Attributes:
        results: What was saved or shown.
        next: The offset of the next part; null where this is the last one.
    """

    results: list[Shown]
    next: int | None


@route(
    "GET",
    "/results",
    summary="Show what jobs gave, the newest first; find it by words of its workflow.",
    tag="history",
    query=ResultsPage,
    answers={200: Results},
    api_only=True,
)
async def get_results(request: web.Request, services: Services) -> web.Response:
    """Answer a part of the results."""
    page = read_query(request, ResultsPage)
    limit = min(max(page.limit, 1), _MOST_JOBS)
    offset = max(page.offset, 0)
    words = page.query.split()[:_MOST_WORDS]
    found, more = await services.queue.history.results(words, limit=limit, offset=offset)
    answer = Results(found, offset + limit if more else None)
    return json_text_answer(msgspec.json.encode(answer))
