"""`/settings`: what the front end remembers for a user."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, cast

from engine.http.answers import empty_answer, json_answer, read_json, refuse
from engine.http.routing import route
from engine.http.users import home_of, read_json_file, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

_NOTHING = object()
_CHANGING = threading.Lock()


@route(
    "GET",
    "/settings",
    summary="All settings of the user.",
    tag="users",
    answers={200: dict[str, Any], 401: None},
)
async def get_settings(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the settings by their ids."""
    return json_answer(read_json_file(_file(request, services)))


@route(
    "GET",
    "/settings/{id}",
    summary="One setting, null where it was never set.",
    tag="users",
    answers={200: Any, 401: None},
)
async def get_setting(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the value."""
    return json_answer(read_json_file(_file(request, services)).get(request.match_info["id"]))


@route(
    "POST",
    "/settings",
    summary="Set several settings; the others stay.",
    tag="users",
    body=dict[str, Any],
    answers={200: None, 401: None},
)
async def post_settings(request: web.Request, services: Services) -> web.StreamResponse:
    """Keep the settings."""
    path = _file(request, services)
    new = await _json(request)
    if not isinstance(new, dict):
        refuse(400, "invalid_settings", "settings are an object of values by their ids")
    await asyncio.to_thread(_change, path, cast("dict[str, Any]", new))
    return empty_answer()


@route(
    "POST",
    "/settings/{id}",
    summary="Set one setting to any JSON value.",
    tag="users",
    body=Any,
    answers={200: None, 401: None},
)
async def post_setting(request: web.Request, services: Services) -> web.StreamResponse:
    """Keep the setting."""
    path = _file(request, services)
    value = await _json(request)
    await asyncio.to_thread(_change, path, {request.match_info["id"]: value})
    return empty_answer()


def _change(path: Path, new: dict[str, Any]) -> None:
    """Set some settings and wait for the disk; nobody else changes the file meanwhile."""
    with _CHANGING:
        write_json(path, read_json_file(path) | new)


def _file(request: web.Request, services: Services) -> Path:
    return home_of(request, services, refused=401) / "comfy.settings.json"


async def _json(request: web.Request) -> Any:
    value = await read_json(request, empty=_NOTHING)
    if value is _NOTHING:
        refuse(400, "invalid_json", "the request has no body")
    return value
