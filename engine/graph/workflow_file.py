"""The one door for workflows: whatever file, text or object they come in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from engine.errors import FileProblemError, Problem
from engine.graph.api_format import is_api_format, read_api
from engine.graph.json_text import check_json, parse_json, refuse

if TYPE_CHECKING:
    import datetime

    from engine.declare.spec import NodeType
    from engine.graph.model import Graph
    from engine.graph.ui_format import Canvas

Lookup = Callable[[str], "NodeType | None"]
"""Gives the kind of node behind an id; `Registry.get` is one."""
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


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A graph, and what could not be taken over from the file that it comes from.

    Attributes:
        graph: What runs.
        notes: Each thing that was left out or guessed, with its node and input.
    """

    graph: Graph
    notes: tuple[Problem, ...] = ()


def load_workflow(source: Source) -> WorkflowFile:
    """Read a workflow: API JSON, UI JSON (0.4 or 1), a Python script, or a picture holding one.

    Pictures are PNG, APNG, WebP, AVIF and JPEG, and weights are safetensors and `.latent` files;
    none of them is decoded.

    Args:
        source: A path, JSON text, the bytes of a file, or a JSON object.

    Raises:
        FileProblemError: The file cannot be read.
        WorkflowFormatError: It holds no workflow, or a broken one.
    """
    if isinstance(source, Mapping):
        check_json(source, "the workflow")
        return _from_json(dict(source), "the workflow")
    if isinstance(source, bytes):
        return _from_bytes(source, "the workflow")
    text = os.fspath(source)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _from_json(parse_json(text, "the workflow"), "the workflow")
    return _from_bytes(_contents(Path(text)), Path(text).name)


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
    if file.graph is None:
        refuse(f"{file.name} cannot be converted")
    return Converted(graph=file.graph, notes=file.notes)


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblemError("the file cannot be read", got=str(error)) from error


def _from_bytes(content: bytes, name: str) -> WorkflowFile:
    return _from_json(parse_json(content, name), name)


def _from_json(data: Any, name: str) -> WorkflowFile:
    if is_api_format(data):
        return WorkflowFile(name=name, graph=read_api(cast("dict[str, Any]", data)))
    refuse(f"{name} holds no workflow")
