"""`/upload/image` and `/upload/mask`: files on their way into a folder of the user's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from engine.errors import FileProblemError, PathEscapeError, WorkflowFormatError
from engine.graph.json_text import mapping, parse_json
from engine.http import pictures
from engine.http.answers import RefusedError, json_answer, refuse
from engine.http.form import read_form
from engine.http.part import Part
from engine.http.routing import route
from engine.http.user_path import annotated, existing, joined, special_root, writable

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.files import Folders
    from engine.http.services import Services

_MOST_NAMESAKES = 10_000
_YES = ("true", "1")


class Uploaded(msgspec.Struct, frozen=True):
    """Where an upload is now.

    Attributes:
        name: Its file name, which may have got a number.
        subfolder: Its folder beneath that of `type`.
        type: `input`, `temp` or `output`.
    """

    name: str
    subfolder: str
    type: str


class UploadForm(msgspec.Struct, frozen=True):
    """The fields of an upload.

    Attributes:
        image: The file; it may be anything, not only a picture.
        type: The folder that takes it: `input`, `temp` or `output`.
        subfolder: A folder beneath that; made if missing.
        overwrite: `true` or `1`: a file of the same name is replaced.
    """

    image: bytes
    type: str = "input"
    subfolder: str = ""
    overwrite: str = ""


class MaskForm(UploadForm, frozen=True):
    """The fields of a mask.

    Attributes:
        original_ref: JSON `{"filename", "type", "subfolder"}` of the picture that gets the mask.
    """

    original_ref: str = ""


@route(
    "POST",
    "/upload/image",
    summary="Put a file into a folder; the same content is never kept twice under one name.",
    tag="files",
    body=("multipart", UploadForm),
    answers={200: Uploaded},
)
async def upload_image(request: web.Request, services: Services) -> web.StreamResponse:
    """Keep the file under its name or the next free one."""
    with Part(services.folders.temp) as part:
        upload = await _received(request, services, part, {})
        async with services.drawing:
            await asyncio.to_thread(pictures.check_pixels, part.path, upload.filename)
        return await _placed(part, upload)


@route(
    "POST",
    "/upload/mask",
    summary="Save a picture with the transparency of the uploaded one.",
    tag="files",
    body=("multipart", MaskForm),
    answers={200: Uploaded},
)
async def upload_mask(request: web.Request, services: Services) -> web.StreamResponse:
    """Lay the mask into its original and keep that as PNG."""
    with Part(services.folders.temp) as part, Part(services.folders.temp) as result:
        upload = await _received(request, services, part, {"original_ref": ""})
        original = original_of(services.folders, upload.texts["original_ref"])
        async with services.drawing:
            drawn = await asyncio.to_thread(pictures.with_alpha_of, original, part.path)
        result.write(drawn)
        await asyncio.to_thread(result.finish)
        return await _placed(result, upload)


@dataclass(frozen=True)
class _Upload:
    root: Path
    filename: str
    texts: dict[str, str]


async def _received(
    request: web.Request, services: Services, part: Part, more: dict[str, str]
) -> _Upload:
    texts = {"type": "input", "subfolder": "", "overwrite": "", **more}
    limit = services.options.max_upload_bytes
    form = await read_form(request, file="image", texts=texts, part=part, most_bytes=limit)
    if not form.filename:
        refuse(400, "no_file", "the form has no file called image")
    root = special_root(services.folders, form.texts["type"])
    if root is None:
        kind = form.texts["type"][:100]
        refuse(400, "invalid_type", "the type is input, temp or output", kind)
    return _Upload(root, form.filename, form.texts)


def original_of(folders: Folders, reference: str) -> Path:
    """Return the picture that a mask is for.

    Args:
        folders: Where it may be.
        reference: JSON `{"filename", "type", "subfolder"}`.

    Raises:
        RefusedError: 400, it is no such JSON, leads nowhere, or out of its folder.
    """
    try:
        fields = mapping(parse_json(reference, "original_ref"))
        filename, kind, subfolder = (
            str(fields.get(key, default))
            for key, default in (("filename", ""), ("type", "output"), ("subfolder", ""))
        )
        name, kind = annotated(filename, kind)
        root = special_root(folders, kind)
        if root is not None:
            return existing(root, joined(subfolder, name))
    except WorkflowFormatError as error:
        refuse(400, "invalid_original", str(error))
    except (PathEscapeError, FileProblemError) as error:
        refuse(
            400, "invalid_original", f"the picture of the mask: {error}", error.problem.got or ""
        )
    raise RefusedError(400, "invalid_original", "the type is input, temp or output", kind[:100])


async def _placed(part: Part, upload: _Upload) -> web.StreamResponse:
    subfolder = upload.texts["subfolder"]
    overwrite = upload.texts["overwrite"].lower() in _YES
    try:
        name = await asyncio.to_thread(
            place, part, upload.root, joined(subfolder, upload.filename), overwrite=overwrite
        )
    except PathEscapeError as error:
        refuse(400, error.problem.kind, error.problem.message)
    folder = PurePosixPath(upload.filename.replace("\\", "/")).parent
    kept = Uploaded((folder / name).as_posix(), subfolder, upload.texts["type"])
    return json_answer(msgspec.to_builtins(kept))


def place(part: Part, root: Path, path: str, *, overwrite: bool) -> str:
    """Publish a finished file under its name, or the next free one, or find it there already.

    Args:
        part: The file.
        root: The folder that it stays beneath.
        path: What the client calls it.
        overwrite: A file of that name is replaced.

    Returns:
        The last part of the name that it has.

    Raises:
        PathEscapeError: The path leaves the folder.
        RefusedError: 409, ten thousand files have that name already.
        OSError: The disk is full, or a folder has the name.
    """
    target = writable(root, path)
    if part.publish(target, overwrite=overwrite):
        return target.name
    for number in range(_MOST_NAMESAKES):
        name = f"{target.stem} ({number}){target.suffix}" if number else target.name
        there = writable(target.parent, name)
        if part.is_same_as(there) or part.publish(there, overwrite=False):
            return name
    raise RefusedError(409, "too_many_files", "too many files have this name", target.name)
