"""`/userdata`: files that the front end keeps for a user, workflows above all."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Annotated, NamedTuple
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
from engine.http.versions import (
    is_versioned,
    keep_version,
    make_newer,
    move_versions,
    tag_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services

_BLOCK = 2**18
_CHANGING = threading.Lock()
"""Held while a file is compared with what a client knows of it and changed."""


class ListQuery(msgspec.Struct, frozen=True):
    """What is listed, and how.

    Attributes:
        dir: A folder of the user's.
        recurse: `true`: the folders beneath count too.
        split: `true`: each path is a list, whole and in its parts.
        full_info: `true`: sizes and times too.
        optional: `true`: a folder that is not there has no files, instead of the answer 404.
    """

    dir: str = ""
    recurse: str = ""
    split: str = ""
    full_info: str = ""
    optional: str = ""


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
        append: The body is added to the end of the file if that has so many bytes, a missing one
            none; otherwise the answer is 409. Not for workflows, which are kept whole.
    """

    overwrite: str = "true"
    full_info: str = ""
    append: Annotated[int, msgspec.Meta(ge=0)] | None = None


class MoveQuery(msgspec.Struct, frozen=True):
    """How a file gets its new name.

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
        if _is_true(query.optional) and not folder.exists():
            return json_answer([])
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
    answers={200: str | FileInfo, 409: None, 412: None},
)
async def post_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Keep the body, whole or not at all; with `If-Match` only where the file is still that one."""
    query = read_query(request, SaveQuery)
    home = home_of(request, services)
    target = writable(home, named(request.match_info["file"]))
    most_bytes = services.options.max_upload_bytes
    known = _known(request)
    with Part(home) as part:
        await _receive(request, part, most_bytes)
        if query.append is None:
            overwrite = not _is_false(query.overwrite)
            kept = await asyncio.to_thread(_publish, part, target, home, known, overwrite=overwrite)
        else:
            if query.append + part.size > most_bytes:
                refuse(413, "too_large", f"the file would be longer than {most_bytes} bytes")
            kept = await asyncio.to_thread(_append, part, target, home, known, query.append)
    return _answer(kept, full=_is_true(query.full_info))


@route(
    "DELETE",
    "/userdata/{file}",
    summary="Delete a file.",
    tag="users",
    answers={204: None, 412: None},
)
async def delete_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Delete the file; what a workflow held stays among its versions."""
    home = home_of(request, services)
    target = existing(home, named(request.match_info["file"]))
    known = _known(request)

    def deleted() -> None:
        with _CHANGING:
            _check_known(target, known)
            keep_version(home, target)
            target.unlink()

    await asyncio.to_thread(deleted)
    return empty_answer(204)


@route(
    "POST",
    "/userdata/{file}/move/{dest}",
    summary="Give a file another name.",
    tag="users",
    query=MoveQuery,
    answers={200: str | FileInfo, 409: None},
)
async def move_userdata(request: web.Request, services: Services) -> web.StreamResponse:
    """Move the file, at once, and the versions of a workflow with it."""
    query = read_query(request, MoveQuery)
    home = home_of(request, services)
    source = existing(home, named(request.match_info["file"]))
    target = writable(home, named(request.match_info["dest"]))
    overwrite = not _is_false(query.overwrite)

    def moved() -> _Kept | None:
        with _CHANGING:
            target.parent.mkdir(parents=True, exist_ok=True)
            if overwrite and source != target:
                keep_version(home, target)
            if not put_in_place(source, target, overwrite=overwrite):
                return None
            if source != target:
                source.unlink(missing_ok=True)
            move_versions(home, source, target)
            return _kept(target, home)

    kept = await asyncio.to_thread(moved)
    if kept is None:
        refuse(409, "exists", "File already exists")
    return _answer(kept, full=_is_true(query.full_info))


def named(segment: str) -> str:
    """Return the path in a part of a URL; clients that quote twice are understood."""
    return unquote(segment) if "%" in segment else segment


async def _receive(request: web.Request, part: Part, most_bytes: int) -> None:
    async for data in request.content.iter_chunked(_BLOCK):
        await asyncio.to_thread(part.write, data)
        if part.size > most_bytes:
            refuse(413, "too_large", f"the request is longer than {most_bytes} bytes")
    await asyncio.to_thread(part.finish)


def _known(request: web.Request) -> set[str] | None:
    """Return the tags by which a client knows the file, `*` for any; None where it does not say."""
    return None if request.if_match is None else {tag.value for tag in request.if_match}


def _check_known(path: Path, known: set[str] | None) -> None:
    """Make sure that a file is one that the client knows.

    Raises:
        RefusedError: 412, it is not, or not there any more.
    """
    tag = tag_of(path)
    if known is not None and (tag is None or not known & {tag, "*"}):
        refuse(412, "changed", "the file was changed or deleted since it was read")


def _publish(
    part: Part, target: Path, home: Path, known: set[str] | None, *, overwrite: bool
) -> _Kept:
    """Give a received file its name and keep the version that it replaces.

    Raises:
        RefusedError: 412, the file is none of those that the client knows; 409, it is there.
    """
    with _CHANGING:
        _check_known(target, known)
        make_newer(part.path, target)
        if overwrite and not part.is_same_as(target):
            keep_version(home, target)
        if not part.publish(target, overwrite=overwrite):
            refuse(409, "exists", "File already exists")
        return _kept(target, home)


def _append(part: Part, target: Path, home: Path, known: set[str] | None, size: int) -> _Kept:
    """Add what was received to the end of a file of so many bytes.

    Raises:
        RefusedError: 409, the file is longer or shorter; 412, it is none of those that the client
            knows; 400, it is a workflow.
    """
    if is_versioned(home, target):
        refuse(400, "not_appended", "workflows are kept whole; send all of it, without append")
    with _CHANGING:
        _check_known(target, known)
        there = target.stat().st_size if target.exists() else 0
        if there != size:
            refuse(409, "other_size", f"the file has {there} bytes, not {size}")
        part.append_to(target)
        return _kept(target, home)


class _Kept(NamedTuple):
    """A file and its tag as one client has left it, before another changes it."""

    info: FileInfo
    tag: str | None


def _kept(path: Path, home: Path) -> _Kept:
    return _Kept(info_of(path, home.resolve()), tag_of(path))


def _answer(kept: _Kept, *, full: bool) -> web.StreamResponse:
    answer = json_answer(msgspec.to_builtins(kept.info) if full else kept.info.path)
    answer.headers["ETag"] = f'"{kept.tag}"'
    return answer


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_true(text: str) -> bool:
    return text.lower() == "true"


def _is_false(text: str) -> bool:
    return text.lower() == "false"
