"""`/internal`: what only the front end asks for: the log, folders, names of files."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import msgspec

from engine.http.answers import empty_answer, json_answer, read_body
from engine.http.models import PACKS, kinds
from engine.http.routing import route
from engine.http.user_path import special_root

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

_COLUMNS, _ROWS = 80, 24


class LogEntry(msgspec.Struct, frozen=True):
    """A line of the log.

    Attributes:
        t: When, ISO 8601.
        m: What, with a line break at its end.
    """

    t: str
    m: str


class TerminalSize(msgspec.Struct, frozen=True):
    """Of the terminal that the log would fit."""

    cols: int
    rows: int


class RawLog(msgspec.Struct, frozen=True):
    """The newest lines of the log."""

    entries: list[LogEntry]
    size: TerminalSize


class LogSubscription(msgspec.Struct, frozen=True, rename="camel"):
    """Who hears the log as it grows.

    Attributes:
        client_id: A connected client.
        enabled: False ends it.
    """

    client_id: str
    enabled: bool


@route(
    "GET",
    "/internal/logs",
    summary="The newest lines of the log as one text.",
    tag="internal",
    answers={200: str},
    api_alias=False,
)
async def get_logs(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with `<time> - <line>` after each other."""
    return json_answer("".join(f"{line.t} - {line.m}" for line in tuple(services.lines.lines)))


@route(
    "GET",
    "/internal/logs/raw",
    summary="The newest lines of the log.",
    tag="internal",
    answers={200: RawLog},
    api_alias=False,
)
async def get_raw_logs(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the lines and the times when they came."""
    entries = [LogEntry(line.t, line.m) for line in tuple(services.lines.lines)]
    return json_answer(msgspec.to_builtins(RawLog(entries, TerminalSize(_COLUMNS, _ROWS))))


@route(
    "PATCH",
    "/internal/logs/subscribe",
    summary="Get new lines of the log as socket messages `logs`, or no more.",
    tag="internal",
    body=LogSubscription,
    answers={200: None},
    api_alias=False,
)
async def subscribe_logs(request: web.Request, services: Services) -> web.StreamResponse:
    """Let the client hear the log."""
    wish = await read_body(request, LogSubscription)
    services.sockets.subscribe_logs(wish.client_id, enabled=wish.enabled)
    return empty_answer()


@route(
    "GET",
    "/internal/folder_paths",
    summary="The folders of each kind of model.",
    tag="internal",
    answers={200: dict[str, list[str]]},
    api_alias=False,
)
async def get_folder_paths(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with absolute paths."""
    known = {**services.folders.models, PACKS: services.options.custom_nodes}
    order = kinds(services.folders)
    return json_answer({kind: [str(root) for root in known[kind]] for kind in order})


@route(
    "GET",
    "/internal/files/{type}",
    summary="The files directly in a folder, newest first.",
    tag="internal",
    answers={200: list[str]},
    api_alias=False,
)
async def get_files(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with their names."""
    root = special_root(services.folders, request.match_info["type"])
    if root is None:
        return json_answer({"error": "Invalid directory type"}, 400)
    return json_answer(await asyncio.to_thread(newest_first, root))


def newest_first(folder: Path) -> list[str]:
    """Return the names of the files in a folder, newest first; hidden ones are left out."""
    found: list[tuple[float, str]] = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        try:
            if entry.is_file() and not entry.name.startswith("."):
                found.append((-entry.stat().st_mtime, entry.name))
        except OSError:  # removed meanwhile
            continue
    return [name for _, name in sorted(found)]
