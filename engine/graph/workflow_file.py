"""The one door for workflows: whatever file, text or object they come in."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from engine.errors import FileProblemError, Problem, WorkflowFormatError
from engine.graph.api_format import has_api_nodes, is_api_format, read_api
from engine.graph.conversion import Converted, Lookup, convert
from engine.graph.embedded import embedded_texts
from engine.graph.json_text import MAX_BYTES, check_json, mapping, parse_json
from engine.graph.script_reader import read_script
from engine.graph.ui_format import is_ui_format, read_ui

if TYPE_CHECKING:
    import datetime

    from engine.graph.canvas import Canvas
    from engine.graph.model import Graph

Source = str | os.PathLike[str] | bytes | Mapping[str, Any]
"""A path, JSON text, the bytes of a file, or a JSON object that was read already."""


@dataclass(frozen=True, kw_only=True)
class WorkflowFile:
    """A workflow as it was read. At least one of `graph` and `canvas` is there.

    Attributes:
        name: What to call it in messages.
        graph: What runs, where the file says it outright (API format, Python, a picture's prompt).
        canvas: What the editor shows, kept whole (UI format).
        extra_pnginfo: What is saved beside results: the canvas under `workflow`, and the rest.
        notes: What was odd about the file and stops nothing.
    """

    name: str
    graph: Graph | None = None
    canvas: Canvas | None = None
    extra_pnginfo: Mapping[str, Any] | None = None
    notes: tuple[Problem, ...] = ()


def load_workflow(source: Source) -> WorkflowFile:
    """Read a workflow: API JSON, UI JSON (0.4 or 1), a Python script, or a picture holding one.

    Pictures are PNG, APNG, WebP, AVIF and JPEG, and weights are safetensors and `.latent` files;
    none of them is decoded. Scripts are read and never run.

    Args:
        source: A path, JSON text, the bytes of a file, or a JSON object.

    Raises:
        FileProblemError: The file cannot be read.
        WorkflowFormatError: It holds no workflow, or a broken one.
    """
    if isinstance(source, Mapping):
        check_json(dict(source), "the workflow")
        return _from_json(dict(source), "the workflow")
    if isinstance(source, bytes):
        return _from_file(io.BytesIO(source), "the workflow")
    text = os.fspath(source)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _from_json(parse_json(text, "the workflow"), "the workflow")
    return _from_path(Path(text))


def to_graph(
    file: WorkflowFile,
    lookup: Lookup,
    *,
    seed: int = 0,
    now: datetime.datetime | None = None,
) -> Converted:
    """Return the graph that a workflow means.

    Args:
        file: From `load_workflow`.
        lookup: Declares the widgets of the nodes, whose values UI files give by position.
        seed: Decides the choices `{a|b}` of dynamic prompts, so that the same file and seed always
            give the same graph.
        now: The time for `%date:...%`; the current one when left out.

    Raises:
        WorkflowFormatError: The canvas nests without end, or has too many nodes.
    """
    if file.graph is not None:
        return Converted(graph=file.graph, notes=file.notes)
    if file.canvas is None:
        raise WorkflowFormatError(f"{file.name} holds no workflow")
    converted = convert(file.canvas, lookup, seed=seed, now=now)
    return replace(converted, notes=(*file.notes, *converted.notes))


def _from_path(path: Path) -> WorkflowFile:
    try:
        with path.open("rb") as file:
            return _from_file(file, path.name)
    except (OSError, ValueError) as error:
        raise FileProblemError(
            "the workflow cannot be read", got=str(error), nearest=_nearest_file(path)
        ) from error


def _nearest_file(path: Path) -> str | None:
    with contextlib.suppress(OSError, ValueError):
        beside = [one.name for one in path.parent.iterdir() if one.is_file()]
        near = difflib.get_close_matches(path.name, beside, n=1)
        return str(path.with_name(near[0])) if near else None
    return None


def _from_file(file: IO[bytes], name: str) -> WorkflowFile:
    texts = embedded_texts(file, name)
    if texts is not None:
        return _from_texts(texts, name)
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if name.endswith(".py"):
        return WorkflowFile(name=name, graph=read_script(content, name))
    return _from_json(parse_json(content, name), name)


def _from_texts(texts: Mapping[str, str], name: str) -> WorkflowFile:
    """Return what a picture holds; one of its two texts is enough where the other is broken."""
    read: list[WorkflowFile] = []
    errors: list[WorkflowFormatError] = []
    for key in ("prompt", "workflow"):
        if key in texts:
            what = f'the text "{key}" in {name}'
            try:
                read.append(_from_json(parse_json(texts[key], what), what))
            except WorkflowFormatError as error:
                errors.append(error)
    if not read:
        if errors:
            raise errors[0]
        other = "; the text that it has is of another tool" if "parameters" in texts else ""
        raise WorkflowFormatError(f"{name} holds no workflow{other}")
    shown = next((one for one in read if one.canvas is not None), None)
    return WorkflowFile(
        name=name,
        graph=next((one.graph for one in read if one.graph is not None), None),
        canvas=shown.canvas if shown else None,
        extra_pnginfo=shown.extra_pnginfo if shown else None,
        notes=tuple(replace(error.problem, kind="ignored_text") for error in errors),
    )


def _from_json(data: Any, name: str) -> WorkflowFile:
    if is_api_format(data) or (has_api_nodes(data) and not is_ui_format(data)):
        return WorkflowFile(name=name, graph=read_api(data))
    if is_ui_format(data):
        return WorkflowFile(name=name, canvas=read_ui(data), extra_pnginfo={"workflow": data})
    if isinstance(data, Mapping):
        body = cast("Mapping[str, Any]", data)
        if is_api_format(body.get("prompt")):
            return _from_request(body, name)
    message = f"{name} holds no workflow"
    expected = "nodes by id, each with a class_type (API format), or a list of nodes (UI format)"
    raise WorkflowFormatError(
        message,
        problem=Problem(
            kind=WorkflowFormatError.kind, message=message, expected=expected, got=_described(data)
        ),
    )


def _from_request(body: Mapping[str, Any], name: str) -> WorkflowFile:
    """Return the workflow of a request to queue one, as clients keep them in files."""
    pnginfo = mapping(mapping(body.get("extra_data")).get("extra_pnginfo"))
    return WorkflowFile(
        name=name,
        graph=read_api(body["prompt"]),
        extra_pnginfo=pnginfo or None,
    )


def _described(data: Any) -> str:
    if isinstance(data, Mapping):
        keys = ", ".join(list(cast("Mapping[str, Any]", data))[:8])
        return f"an object with the keys {keys}"[:200] if keys else "an empty object"
    return f"a value of type {type(data).__name__}"
