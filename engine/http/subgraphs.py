"""`/global_subgraphs` and `/node_replacements`: what packs offer besides nodes."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from engine.errors import WorkflowFormatError
from engine.graph.json_text import parse_json
from engine.http.answers import json_answer
from engine.http.pack_folders import files_of, pack_folders
from engine.http.routing import route

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from engine.http.services import Services


class SubgraphInfo(msgspec.Struct, frozen=True):
    """Whose a subgraph is.

    Attributes:
        node_pack: `custom_nodes.<pack>`.
    """

    node_pack: str


class Blueprint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A subgraph that workflows can use like a node.

    Attributes:
        source: `custom_node`.
        name: Its file's name without the suffix.
        info: Where it comes from.
        data: Its workflow as JSON text, where one was asked for.
    """

    source: str
    name: str
    info: SubgraphInfo
    data: str | None = None


@route(
    "GET",
    "/global_subgraphs",
    summary="The subgraphs that packs bring along, by their ids.",
    tag="front end",
    answers={200: dict[str, Blueprint]},
)
async def get_subgraphs(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with all of them, without their contents."""
    found = await asyncio.to_thread(blueprints, pack_folders(services.options))
    return json_answer({key: msgspec.to_builtins(one) for key, (one, _) in found.items()})


@route(
    "GET",
    "/global_subgraphs/{id}",
    summary="One subgraph with its workflow, null where there is none.",
    tag="front end",
    answers={200: Blueprint | None},
)
async def get_subgraph(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the subgraph."""
    found = await asyncio.to_thread(blueprints, pack_folders(services.options))
    if request.match_info["id"] not in found:
        return json_answer(None)
    one, path = found[request.match_info["id"]]
    text = await asyncio.to_thread(path.read_bytes)
    try:
        parse_json(text, path.name)
    except WorkflowFormatError:
        return json_answer(None)
    whole = msgspec.structs.replace(one, data=text.decode("utf-8", "replace"))
    return json_answer(msgspec.to_builtins(whole))


@route(
    "GET",
    "/node_replacements",
    summary="Kinds of nodes that took the place of others; none, and the feature is off.",
    tag="front end",
    answers={200: dict[str, Any]},
)
async def get_node_replacements(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with an empty object."""
    del services
    return json_answer({})


def blueprints(packs: dict[str, Path]) -> dict[str, tuple[Blueprint, Path]]:
    """Return the subgraphs in `subgraphs/` of packs with their files, by a hash of their place.

    Args:
        packs: Their folders by name.
    """
    found: dict[str, tuple[Blueprint, Path]] = {}
    for pack, folder in packs.items():
        for path in files_of(folder / "subgraphs", ".json"):
            key = hashlib.sha256(f"custom_node/{pack}/{path.name}".encode("utf-8", "replace"))
            one = Blueprint("custom_node", path.stem, SubgraphInfo(f"custom_nodes.{pack}"))
            found[key.hexdigest()] = (one, path)
    return found
