"""`/userdata`: files that the front end keeps for a user, workflows above all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from engine.files import beneath
from engine.http.answers import empty_answer, json_answer, read_query, refuse
from engine.http.file_answer import file_answer
from engine.http.part import Part, put_in_place
from engine.http.routing import route
from engine.http.static_file import USER_STYLE, no_style
from engine.http.user_files import Entry, FileInfo, files_in, info_of, tree_of
from engine.http.user_path import existing, writable
from engine.http.users import home_of

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

_BLOCK = 2**18


class ListQuery(msgspec.Struct, frozen=True):
    """What is listed, and how.

    Attributes:
        dir: A folder of the user's.
        recurse: `true`: the folders beneath count too.
        split: `true`: each path is a list, whole and in its parts.
        full_info: `true`: sizes and times too.
    """

    dir: str = ""
    recurse: str = ""
    split: str = ""
    full_info: str = ""


class TreeQuery(msgspec.Struct, frozen=True):
    """What is listed.

    Attributes:
        path: A folder of the user's; everything where it is empty.
    """

    path: str = ""


class SaveQuery(msgspec.Struct, frozen=True):
    """How a file is kept.

    Attributes:
        overwrite: `false`: a file of that name stays and the answer is 409.
        full_info: `true`: the answer holds size and times.
    """

    overwrite: str = "true"
    full_info: str = ""


@route(
    "GET",
    "/userdata",
    summary="The files in a folder of the user's.",
    tag="users",
    query=ListQuery,
    answers={200: list[str | FileInfo | list[str]]},
)
async def list_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the paths of files, relative to the folder."""
    query = read_query(request, ListQuery)
    home = home_of(request, services)
    if not query.dir:
        refuse(400, "no_directory", "Directory not provided")
    folder = beneath(home, query.dir)
    if not _is_folder(folder):
        refuse(404, "not_found", "there is no such folder")
    found = await asyncio.to_thread(files_in, folder, deep=_is_true(query.recurse))
    if _is_true(query.full_info):
        return json_answer([msgspec.to_builtins(one) for one in found])
    if _is_true(query.split):
        return json_answer([[one.path, *one.path.split("/")] for one in found])
    return json_answer([one.path for one in found])


@route(
    "GET",
    "/v2/userdata",
    summary="Everything beneath a folder of the user's.",
    tag="users",
    query=TreeQuery,
    answers={200: list[Entry]},
)
async def tree_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with folders and files, their paths relative to the user's folder."""
    query = read_query(request, TreeQuery)
    home = home_of(request, services)
    folder = beneath(home, query.path)
    if not folder.exists():
        if folder == home.resolve():
            return json_answer([])
        refuse(404, "not_found", "there is no such folder")
    if not _is_folder(folder):
        refuse(400, "not_a_directory", "this is no folder")
    found = await asyncio.to_thread(tree_of, folder, home.resolve())
    return json_answer([msgspec.to_builtins(one) for one in found])


@route(
    "GET",
    "/userdata/{file}",
    summary="A file of the user's.",
    tag="users",
    answers={200: "*/*", 206: "*/*", 304: None},
)
async def get_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file; browsers save it, except for the style sheet of the user's."""
    home, name = home_of(request, services), named(request.match_info["file"])
    if name == USER_STYLE and not (home / name).exists():
        return no_style()
    path = existing(home, name)
    answer = file_answer(path, download=path.name != USER_STYLE)
    if path.name == USER_STYLE:
        answer.headers["Content-Type"] = "text/css"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@route(
    "POST",
    "/userdata/{file}",
    summary="Keep a file for the user.",
    tag="users",
    query=SaveQuery,
    body="bytes",
    answers={200: str | FileInfo, 409: None},
)
async def post_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Keep the body, whole or not at all."""
    query = read_query(request, SaveQuery)
    home = home_of(request, services)
    target = writable(home, named(request.match_info["file"]))
    with Part(home) as part:
        await _receive(request, part, services.options.max_upload_bytes)
        overwrite = not _is_false(query.overwrite)
        if not await asyncio.to_thread(part.publish, target, overwrite=overwrite):
            refuse(409, "exists", "File already exists")
    return _kept(target, home, query)


@route("DELETE", "/userdata/{file}", summary="Delete a file.", tag="users", answers={204: None})
async def delete_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Delete the file for good."""
    existing(home_of(request, services), named(request.match_info["file"])).unlink()
    return empty_answer(204)


@route(
    "POST",
    "/userdata/{file}/move/{dest}",
    summary="Give a file another name.",
    tag="users",
    query=SaveQuery,
    answers={200: str | FileInfo, 409: None},
)
async def move_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Move the file, at once."""
    query = read_query(request, SaveQuery)
    home = home_of(request, services)
    source = existing(home, named(request.match_info["file"]))
    target = writable(home, named(request.match_info["dest"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    if not put_in_place(source, target, overwrite=not _is_false(query.overwrite)):
        refuse(409, "exists", "File already exists")
    if source != target:
        source.unlink(missing_ok=True)
    return _kept(target, home, query)


def named(segment: str) -> str:
    """Return the path in a part of a URL; clients that quote twice are understood."""
    return unquote(segment) if "%" in segment else segment


async def _receive(request: web.Request, part: Part, most_bytes: int) -> None:
    async for data in request.content.iter_chunked(_BLOCK):
        await asyncio.to_thread(part.write, data)
        if part.size > most_bytes:
            refuse(413, "too_large", f"the request is longer than {most_bytes} bytes")
    await asyncio.to_thread(part.finish)


def _kept(path: Path, home: Path, query: SaveQuery) -> web.StreamResponse:
    info = info_of(path, home.resolve())
    return json_answer(msgspec.to_builtins(info) if _is_true(query.full_info) else info.path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_true(text: str) -> bool:
    return text.lower() == "true"


def _is_false(text: str) -> bool:
    return text.lower() == "false"
