"""Workflows to begin with: our own, ComfyUI's where they are installed, and those of packs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from engine.errors import FileProblemError, LoomError, PathEscapeError
from engine.graph.json_text import items, mapping, parse_json
from engine.http.answers import json_answer
from engine.http.front_end import package_folder
from engine.http.pack_folders import files_of, pack_folders
from engine.http.routing import route
from engine.http.static_file import static_file, trusted_file
from engine.http.template_picture import drawing
from engine.http.user_path import existing

if TYPE_CHECKING:
    from engine.declare.registry import Registry
    from engine.http.options import ServeOptions
    from engine.http.services import Services

PACKAGED = Path(__file__).with_name("workflows")
"""Where a wheel has our own."""
SOURCES = Path(__file__).parents[2] / "workflows"
"""Where a checkout has them."""
_PICTURES = (".webp", ".png", ".jpg")
_NOTES = frozenset({"MarkdownNote", "Note"})
_LOGOS = "index_logo.json"
_INDEX = re.compile(r"index(\.[A-Za-z]{2,3}(-[A-Za-z]{2,4})?)?\.json")
_OFFICIAL = (
    "comfyui_workflow_templates",
    *(
        f"comfyui_workflow_templates_{part}"
        for part in (
            "json",
            "core",
            "media_api",
            "media_image",
            "media_video",
            "media_other",
            "media_assets_01",
            "media_assets_02",
        )
    ),
)
_OF_PACKS = ("example_workflows", "example", "examples", "workflow", "workflows")


@dataclass(frozen=True)
class Template:
    """A workflow of ours.

    Attributes:
        path: Its file.
        picture: A picture of its result, or None.
    """

    path: Path
    picture: Path | None

    @property
    def form(self) -> str:
        """How the name of its picture ends."""
        return "svg" if self.picture is None else self.picture.suffix.removeprefix(".")

    def entry(self) -> dict[str, Any]:
        """Return what the front end's list of templates says about it."""
        name = self.path.stem
        return {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "description": _description(mapping(_content(self.path))),
            "mediaType": "image",
            "mediaSubtype": self.form,
            "openSource": True,
        }


@route(
    "GET",
    "/workflow_templates",
    summary="The workflows that packs bring along, by pack.",
    tag="front end",
    answers={200: dict[str, list[str]]},
)
async def get_pack_templates(_: web.Request, services: Services) -> web.StreamResponse:
    """Answer with their names."""
    packs = pack_folders(services.options)

    def found() -> dict[str, list[str]]:
        names = {
            pack: [path.stem for part in _OF_PACKS for path in files_of(folder / part, ".json")]
            for pack, folder in packs.items()
        }
        return {pack: listed for pack, listed in names.items() if listed}

    return json_answer(await asyncio.to_thread(found))


@route(
    "GET",
    "/workflow_templates/{pack}/{file}",
    summary="A workflow of a pack, or its picture.",
    tag="front end",
    answers={200: "*/*", 206: "*/*", 304: None},
)
async def get_pack_template(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with the JSON or the JPEG."""
    file = request.match_info["file"]
    folder = pack_folders(services.options).get(request.match_info["pack"])
    if folder is not None and file.endswith((".json", ".jpg")):
        for part in _OF_PACKS:
            try:
                return static_file(folder / part, file)
            except FileProblemError as error:
                if isinstance(error, PathEscapeError):
                    raise
    raise FileProblemError("there is no such workflow", got=repr(file))


@route(
    "GET",
    "/templates/{file:.+}",
    summary="The list of templates, one of them, or its picture.",
    tag="front end",
    answers={200: "*/*", 206: "*/*", 304: None},
    api_alias=False,
)
async def get_template(request: web.Request, services: Services) -> web.StreamResponse:
    """Answer with our own first."""
    file = request.match_info["file"]
    if _INDEX.fullmatch(file):
        return json_answer(
            await asyncio.to_thread(index, services.options, file),
            headers={"Cache-Control": "no-cache"},
        )
    own = {template.path.stem: template for template in templates(services.options)}
    stem, _, suffix = file.rpartition(".")
    if suffix == "json" and stem in own:
        shown = await asyncio.to_thread(canvas_of, own[stem].path, services.registry)
        return json_answer(shown, headers={"Cache-Control": "no-cache"})
    template = own.get(stem.removesuffix("-1"))
    if template is not None and suffix == template.form:
        return await _picture(template, services.registry)
    if file == _LOGOS:
        # The makers' marks of models, which older template packages do not have.
        return json_answer(await asyncio.to_thread(logos))
    return trusted_file(_official(file))


def templates(options: ServeOptions) -> list[Template]:
    """Return our own templates: those beneath the base folder, or those that came with us."""
    folders = (options.base / "workflows", PACKAGED, SOURCES)
    folder = next((one for one in folders if one.is_dir()), SOURCES)
    found: list[Template] = []
    for path in files_of(folder, ".json"):
        pictures = (path.with_suffix(suffix) for suffix in _PICTURES)
        found.append(Template(path, next((one for one in pictures if one.is_file()), None)))
    return found


def index(options: ServeOptions, file: str) -> list[Any]:
    """Return the front end's list of templates.

    Args:
        options: Where ours are.
        file: `index.json`, or `index.de.json` for the titles of the others in that language.
    """
    own = [template.entry() for template in templates(options)]
    group = {"moduleName": "default", "title": "Latentloom", "type": "image", "templates": own}
    for name in (file, "index.json"):
        try:
            official = items(_content(_official(name)))
        except FileProblemError:
            continue
        return [group, *filter(None, map(_installed, official))]
    return [group]


def _installed(group: Any) -> dict[str, Any] | None:
    """Return a group of ComfyUI's list with what is installed of it; None where nothing is.

    The list names the templates of all packages, whichever of them are there.
    """
    facts = mapping(group)
    listed = items(facts.get("templates"))
    there = [one for one in listed if _is_there(f"{mapping(one).get('name')}.json")]
    return {**facts, "templates": there} if there else None


def _is_there(file: str) -> bool:
    try:
        _official(file)
    except LoomError:
        return False
    return True


def logos() -> dict[str, Any]:
    """Return the pictures of model makers that ComfyUI's list of templates names, by maker."""
    try:
        return mapping(_content(_official(_LOGOS)))
    except FileProblemError:
        return {}


def canvas_of(path: Path, registry: Registry) -> dict[str, Any]:
    """Return a workflow as the editor takes it, laid out where its file is API JSON.

    Raises:
        WorkflowFormatError: It is no workflow.
    """
    from engine.graph.canvas_writer import draw
    from engine.graph.ui_format import write_ui
    from engine.graph.workflow_file import load_workflow, to_graph

    file = load_workflow(str(path))
    if file.canvas is not None:
        return write_ui(file.canvas)
    return draw(to_graph(file, registry.get).graph, registry.get)


async def _picture(template: Template, registry: Registry) -> web.StreamResponse:
    if template.picture is not None:
        return trusted_file(template.picture)
    shown = await asyncio.to_thread(canvas_of, template.path, registry)
    headers = {"Cache-Control": "no-cache"}
    return web.Response(text=drawing(shown), content_type="image/svg+xml", headers=headers)


def _description(canvas: dict[str, Any]) -> str:
    """Return what a workflow says about itself: in its extra facts, or else in its first note."""
    told = mapping(canvas.get("extra")).get("description")
    if isinstance(told, str):
        return told
    for node in map(mapping, items(canvas.get("nodes"))):
        if node.get("type") in _NOTES:
            text = next(iter(items(node.get("widgets_values"))), "")
            return re.sub(r"[*`#]", "", str(text)).strip()
    return ""


def _official(file: str) -> Path:
    """Return a file of ComfyUI's template packages.

    Raises:
        FileProblemError: None of them has it.
    """
    for package in _OFFICIAL:
        folder = package_folder(package)
        if folder is None:
            continue
        try:
            return existing(folder / "templates", file)
        except FileProblemError as error:
            if isinstance(error, PathEscapeError):
                raise
    raise FileProblemError("there is no such template", got=repr(file))


def _content(path: Path) -> Any:
    try:
        return parse_json(path.read_bytes(), path.name)
    except (OSError, LoomError):
        return None
