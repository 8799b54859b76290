"""`/api/jobs/delete`: forget jobs that are over, and delete their files where that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.http.answers import json_answer, read_body
from engine.http.routing import route
from engine.jobs.result_files import Removal

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services


class Deletion(msgspec.Struct):
    """What to delete.

    Attributes:
        job_ids: Ids of jobs that are over; others are passed over.
        files: What these jobs saved or showed beneath `output` and `temp` goes too. Files that
            other jobs show as well, weights and links stay.
    """

    job_ids: list[str]
    files: bool = False


@route(
    "POST",
    "/jobs/delete",
    summary="Forget jobs that are over; where that is asked for, delete their pictures too.",
    tag="jobs",
    body=Deletion,
    answers={200: Removal, 400: dict},
    api_only=True,
)
async def delete_jobs(request: web.Request, services: Services) -> web.Response:
    """Forget entries, and answer which files are gone and how many stayed."""
    asked = await read_body(request, Deletion)
    history = services.queue.history
    removal = Removal([], 0)
    if asked.files:
        removal = await history.remove_files(services.folders, asked.job_ids)
    await history.forget(asked.job_ids)
    return json_answer(msgspec.to_builtins(removal))
