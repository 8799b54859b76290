"""`/models` and its kin: which weights files there are, what they say, how they look."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from engine.errors import FileProblemError
from engine.files import beneath, suffixes_of
from engine.http import pictures
from engine.http.answers import json_answer, read_query, refuse
from engine.http.file_answer import HARMLESS
from engine.http.media_type import RASTER
from engine.http.routing import route
from engine.http.user_path import is_file
from engine.http.weights_header import cover_of, metadata_of
from engine.listing import folders_beneath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.files import Folders
    from engine.http.services import Services

PACKS = "custom_nodes"
"""The folders of packs, which ComfyUI counts among the kinds of models."""
_BEFORE_PACKS = "upscale_models"
_QUALITY = 90


class ModelFolder(msgspec.Struct, frozen=True):
    """A kind of model.

    Attributes:
        name: As workflows and the other routes call it.
        folders: Where its files are searched, in order.
        extensions: How their names end.
    """

    name: str
    folders: list[str]
    extensions: list[str]


class ModelFile(msgspec.Struct, frozen=True, rename="camel"):
    """A weights file.

    Attributes:
        name: Relative to its folder.
        path_index: Which of the folders it is in.
        modified: Seconds since 1970.
        created: Seconds since 1970.
        size: In bytes.
    """

    name: str
    path_index: int
    modified: float
    created: float
    size: int


class MetadataQuery(msgspec.Struct, frozen=True):
    """Whose metadata is asked for.

    Attributes:
        filename: A safetensors file, relative to a folder of its kind.
    """

    filename: str = ""


@route(
    "GET",
    "/embeddings",
    summary="Textual-inversion embeddings, without their suffixes.",
    tag="models",
    answers={200: list[str]},
)
async def get_embeddings(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the names that prompts use."""
    found = await asyncio.to_thread(services.folders.list, "embeddings")
    return json_answer([str(PurePosixPath(name).with_suffix("")) for name in found])


@route("GET", "/models", summary="The kinds of models.", tag="models", answers={200: list[str]})
async def get_models(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the names of their folders."""
    return json_answer(kinds(services.folders))


@route(
    "GET",
    "/models/{folder}",
    summary="The files of one kind of model.",
    tag="models",
    answers={200: list[str]},
)
async def get_models_in(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with paths as workflows write them."""
    if request.match_info["folder"] == PACKS:
        return json_answer([])
    kind = _kind(request, services.folders)
    return json_answer(await asyncio.to_thread(services.folders.list, kind))


@route(
    "GET",
    "/experiment/models",
    summary="The kinds of models with their folders.",
    tag="models",
    answers={200: list[ModelFolder]},
)
async def get_model_folders(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with all kinds but those that hold no weights."""
    return json_answer(
        [
            msgspec.to_builtins(ModelFolder(kind, list(map(str, roots)), sorted(suffixes_of(kind))))
            for kind, roots in services.folders.models.items()
            if kind != "configs"
        ]
    )


@route(
    "GET",
    "/experiment/models/{folder}",
    summary="The files of one kind of model with sizes and times.",
    tag="models",
    answers={200: list[ModelFile]},
)
async def get_model_files(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the files of all folders of that kind."""
    kind = _kind(request, services.folders)

    def found() -> list[ModelFile]:
        roots = services.folders.models[kind]
        suffixes = suffixes_of(kind)
        return [one for index, root in enumerate(roots) for one in _files(root, index, suffixes)]

    return json_answer([msgspec.to_builtins(one) for one in await asyncio.to_thread(found)])


@route(
    "GET",
    "/experiment/models/preview/{folder}/{path_index}/{filename:.*}",
    summary="The picture of a model: beside its file or in it.",
    tag="models",
    answers={200: "image/webp"},
)
async def get_model_preview(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the picture as WebP."""
    kind = _kind(request, services.folders)
    roots = services.folders.models[kind]
    index, name = request.match_info["path_index"], request.match_info["filename"]
    if not name or index not in {str(number) for number in range(len(roots))}:
        refuse(400, "invalid_path", "the preview is that of a file in one of the kind's folders")
    async with services.drawing:
        drawn = await asyncio.to_thread(model_preview, roots[int(index)], name)
    return web.Response(
        body=drawn, content_type="image/webp", headers={"Cache-Control": "no-cache", **HARMLESS}
    )


@route(
    "GET",
    "/view_metadata/{folder}",
    summary="The metadata of a safetensors file.",
    tag="models",
    query=MetadataQuery,
    answers={200: dict[str, Any]},
)
async def get_view_metadata(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the `__metadata__` of its header."""
    kind = _kind(request, services.folders)
    name = read_query(request, MetadataQuery).filename
    if not name.endswith(".safetensors"):
        refuse(404, "not_found", "only safetensors files have metadata")
    path = services.folders.find(kind, name)
    found = await asyncio.to_thread(metadata_of, path)
    if not found:
        refuse(404, "not_found", "the file has no metadata")
    return json_answer(found)


def kinds(folders: Folders) -> list[str]:
    """Return the kinds of models in ComfyUI's order, the folders of packs among them."""
    found = list(folders.models)
    after = found.index(_BEFORE_PACKS) + 1 if _BEFORE_PACKS in found else len(found)
    return [*found[:after], PACKS, *found[after:]]


def model_preview(root: Path, name: str) -> bytes:
    """Return a model's picture as WebP: `x.png` or `x.preview.png` beside it, or its cover.

    Args:
        root: A folder of models.
        name: The model, relative to it.

    Raises:
        PathEscapeError: The name leaves the folder.
        FileProblemError: There is no picture.
        InputError: The picture is broken or too large.
    """
    model = beneath(root, name)
    stem = name.replace("\\", "/").removesuffix(PurePosixPath(name).suffix)
    for ending in (f"{middle}{suffix}" for middle in ("", ".preview") for suffix in RASTER):
        picture = beneath(root, f"{stem}{ending}")
        if is_file(picture):
            return pictures.preview(picture, form="webp", quality=_QUALITY, opaque=False)
    cover = cover_of(model) if model.suffix == ".safetensors" and is_file(model) else None
    if cover is None:
        raise FileProblemError("the model has no picture", got=repr(name))
    return pictures.preview(io.BytesIO(cover), form="webp", quality=_QUALITY, opaque=False)


def _kind(request: web.Request, folders: Folders) -> str:
    kind = request.match_info["folder"]
    if kind not in folders.models:
        refuse(404, "not_found", "there is no such kind of model")
    return kind


def _files(root: Path, index: int, suffixes: frozenset[str]) -> Iterator[ModelFile]:
    for directory in folders_beneath(root):
        within = Path(directory).relative_to(root)
        if any(part.startswith(".") for part in within.parts):
            continue
        try:
            paths = sorted(Path(directory).iterdir())
        except OSError:  # deleted meanwhile
            continue
        for path in paths:
            if path.name.startswith(".") or (suffixes and path.suffix.lower() not in suffixes):
                continue
            try:
                stat = path.stat()
            except OSError:  # a link to nowhere
                continue
            if S_ISREG(stat.st_mode):
                name = (within / path.name).as_posix()
                yield ModelFile(name, index, stat.st_mtime, stat.st_ctime, stat.st_size)
