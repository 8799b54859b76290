"""JavaScript, translations and help texts that packs and the front end bring along."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engine.errors import FileProblemError, WorkflowFormatError
from engine.graph.json_text import mapping, parse_json
from engine.http.answers import json_answer
from engine.http.front_end import front_end
from engine.http.pack_folders import files_beneath, pack_folders
from engine.http.routing import route
from engine.http.static_file import static_file

if TYPE_CHECKING:
    from aiohttp import web

    from engine.http.services import Services

OWN = "latentloom"
"""The name under which our own scripts for ComfyUI's front end are served."""
_SCRIPTS = Path(__file__).with_name("scripts")
_NESTED = ("nodeDefs", "commands", "settings")


@route(
    "GET",
    "/extensions",
    summary="The scripts that the front end imports.",
    tag="front end",
    answers={200: list[str]},
)
async def get_extensions(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with their URLs: the front end's own first, then ours, then those of packs."""
    page = _page(services)
    folders: dict[str, Path] = {}
    if page is not None:
        folders = {"/extensions": page / "extensions", f"/extensions/{OWN}": _SCRIPTS}
    packs = await services.dispatcher.extensions()
    folders |= {f"/extensions/{quote(name)}": path for name, path in packs.items()}

    def found() -> list[str]:
        return [
            f"{prefix}/{quote(path)}"
            for prefix, folder in folders.items()
            for path in files_beneath(folder, ".js")
        ]

    return json_answer(await asyncio.to_thread(found))


@route(
    "GET",
    "/extensions/{pack}/{path:.+}",
    summary="A file of a pack's or of the front end's own extensions.",
    tag="front end",
    answers={200: "*/*", 206: "*/*", 304: None},
    api_alias=False,
)
async def get_extension_file(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the file."""
    pack, path = request.match_info["pack"], request.match_info["path"]
    if pack == OWN:
        return static_file(_SCRIPTS, path)
    page = _page(services)
    if page is not None:
        # What the front end itself brings does not wait until packs are loaded.
        with contextlib.suppress(FileProblemError):
            return static_file(page / "extensions", f"{pack}/{path}")
    folder = (await services.dispatcher.extensions()).get(pack)
    if folder is None:
        raise FileProblemError("there is no such pack", got=repr(pack))
    return static_file(folder, path)


@route(
    "GET",
    "/i18n",
    summary="Translations that packs bring along, by language.",
    tag="front end",
    answers={200: dict[str, Any]},
)
async def get_i18n(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the merged translations of all packs."""
    packs = pack_folders(services.options)
    return json_answer(await asyncio.to_thread(translations, list(packs.values())))


def translations(packs: list[Path]) -> dict[str, Any]:
    """Return what packs translate: `locales/<language>/main.json` and its nested companions.

    Args:
        packs: Their folders; of two that translate the same the later one counts.
    """
    merged: dict[str, Any] = {}
    for pack in packs:
        for main in sorted(pack.glob("locales/*/")):
            found = _object(main / "main.json")
            for nested in _NESTED:
                inner = _object(main / f"{nested}.json")
                found |= {nested: inner} if inner else {}
            if found:
                merged[main.name] = _merged(mapping(merged.get(main.name)), found)
    return merged


def _page(services: Services) -> Path | None:
    """Return the folder of ComfyUI's front end or one like it; ours takes no scripts."""
    own = services.options.web_root == "own"
    return None if own else front_end(services.options)


def _object(path: Path) -> dict[str, Any]:
    """Return the object in a pack's file; a broken one costs only itself."""
    try:
        return mapping(parse_json(path.read_bytes(), path.name))
    except (OSError, WorkflowFormatError):
        return {}


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    found = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = _merged(found[key], mapping(value)) if nested else value
    return found
