"""Who the users are and where each keeps settings and workflows; `/users`."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from engine.errors import WorkflowFormatError
from engine.files import beneath
from engine.graph.json_text import mapping, parse_json
from engine.http.answers import json_answer, read_body, refuse
from engine.http.part import Part, sweep
from engine.http.routing import route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

LOG = logging.getLogger("engine.http")
ONLY_USER = "default"
"""The user of a server that tells none apart."""
_SYSTEM = "__"
_LONGEST_NAME = 100
_HEADER = "comfy-user"


class NewUser(msgspec.Struct, frozen=True):
    """A user to be.

    Attributes:
        username: How people call the user.
    """

    username: str


class UsersAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """How users are told apart.

    Attributes:
        storage: Always `server`.
        migrated: With one user: whether anything was kept already.
        users: With several: name by id.
    """

    storage: str
    migrated: bool | None = None
    users: dict[str, str] | None = None


@route(
    "GET", "/users", summary="The users of this server.", tag="users", answers={200: UsersAnswer}
)
async def get_users(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with all users, or that there is only one."""
    if services.options.multi_user:
        return json_answer({"storage": "server", "users": known_users(services.options.user)})
    migrated = (services.options.user / ONLY_USER).is_dir()
    return json_answer({"storage": "server", "migrated": migrated})


@route("POST", "/users", summary="Add a user.", tag="users", body=NewUser, answers={200: str})
async def post_users(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the id of the new user."""
    name = (await read_body(request, NewUser)).username.strip()
    if not services.options.multi_user:
        refuse(400, "single_user", "this server has one user; start it with --multi-user for more")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        refuse(400, "invalid_username", f"a name has 1 to {_LONGEST_NAME} letters")
    folder = services.options.user
    known = known_users(folder)
    if name in known.values():
        return json_answer({"error": "Duplicate username."}, 400)
    made = re.sub(r"[^A-Za-z0-9_-]+", "-", name).lstrip("_") + f"_{uuid.uuid4()}"
    write_json(folder / "users.json", known | {made: name})
    return json_answer(made)


def known_users(folder: Path) -> dict[str, str]:
    """Return the names of all users by their ids.

    Args:
        folder: Of all users.
    """
    found = read_json_file(folder / "users.json")
    return {key: str(name) for key, name in found.items() if not key.startswith(_SYSTEM)}


def home_of(request: web.Request, services: Services, *, refused: int = 403) -> Path:
    """Return the folder of the user who asks; it may not be there yet.

    Args:
        request: With several users its header `comfy-user` names one; with one it counts for
            nothing.
        services: Options and folders.
        refused: Status of the answer to a user that nobody knows.

    Raises:
        RefusedError: There is no such user.
    """
    folder = services.options.user
    if not services.options.multi_user:
        return folder / ONLY_USER
    user = request.headers.get(_HEADER, "")
    if user not in known_users(folder):
        refuse(refused, "unknown_user", "there is no such user")
    return beneath(folder, user)


def sweep_parts(services: Services) -> Callable[[web.Application], Awaitable[None]]:
    """Return what deletes, at the start, what killed uploads left behind."""

    async def swept(_: web.Application) -> None:
        homes = (
            services.options.user / name
            for name in (ONLY_USER, *known_users(services.options.user))
        )
        for folder in (services.folders.temp, *homes):
            await asyncio.to_thread(sweep, folder)

    return swept


def read_json_file(path: Path) -> dict[str, Any]:
    """Return the object in a file of ours; a broken one is put aside and told in the log."""
    try:
        return mapping(parse_json(path.read_bytes(), path.name))
    except FileNotFoundError:
        return {}
    except WorkflowFormatError as error:
        aside = path.with_suffix(".broken")
        path.replace(aside)
        LOG.warning("%s; it was renamed to %s", error, aside.name)
        return {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write an object whole or not at all.

    Raises:
        WorkflowFormatError: It could not be read again: it is too deep or too long.
        OSError: The disk is full.
    """
    text = json.dumps(value, indent=4)
    parse_json(text, path.name)
    with Part(path.parent) as part:
        part.write(text.encode("ascii"))
        part.finish()
        part.publish(path, overwrite=True)
