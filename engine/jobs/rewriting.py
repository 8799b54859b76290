"""A workflow in another form: what the canvas shows, what runs, or Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from engine.errors import Problem, WorkflowFormatError
from engine.graph.api_format import write_api
from engine.graph.canvas import BYPASSED, MUTED
from engine.graph.canvas_writer import draw
from engine.graph.json_text import items
from engine.graph.ui_format import write_ui
from engine.graph.workflow_file import load_workflow, to_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.graph.canvas import Canvas
    from engine.graph.conversion import Lookup
    from engine.graph.workflow_file import WorkflowFile

Form = Literal["ui", "api", "python"]
"""Canvas JSON, ComfyUI's API JSON, a Python script that builds the graph."""

NOTES = frozenset({"Note", "MarkdownNote"})
"""Nodes that hold a text for the reader."""


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow in the form that was asked for.

    Attributes:
        workflow: The JSON, for `ui` and `api`.
        text: The script, for `python`.
        notes: What could not be taken over, a sentence each.
        problems: Why there is neither of the two.
    """

    workflow: dict[str, Any] | None = None
    text: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def rewrite(file: WorkflowFile, to: Form, lookup: Lookup) -> Rewritten:
    """Return a workflow in another form, or in the one that it has, written anew.

    Args:
        file: From `load_workflow`.
        to: The form that is wanted.
        lookup: Declares the widgets of the nodes.

    Raises:
        WorkflowFormatError: The canvas nests without end, or has too many nodes.
    """
    converted = to_graph(file, lookup)
    notes = [note.render() for note in converted.notes]
    if file.canvas is not None and to != "ui":
        notes.extend(f"only the canvas has {what}" for what in left_out(file.canvas))
    if to == "python":
        from engine.graph.script import write_script

        return Rewritten(text=write_script(converted.graph), notes=tuple(notes))
    if to == "api":
        document = write_api(converted.graph)
    elif file.canvas is not None:
        document = write_ui(file.canvas)
    else:
        document = draw(converted.graph, lookup)
    return Rewritten(workflow=dict(document), notes=tuple(notes))


def rewrite_json(raw: Mapping[str, Any], to: Form, lookup: Lookup) -> Rewritten:
    """Return what `rewrite` returns for a workflow as Python values; never raises for a bad one."""
    try:
        return rewrite(load_workflow(raw), to, lookup)
    except WorkflowFormatError as error:
        return Rewritten(problems=error.problems)


def left_out(canvas: Canvas) -> list[str]:
    """Return what a canvas shows and a graph has no place for, in words: `2 muted nodes`."""
    sheets = [canvas.sheet, *(one.sheet for one in canvas.definitions.values())]
    nodes = [node for sheet in sheets for node in sheet.nodes.values()]
    counts = {
        "note": sum(node.type in NOTES for node in nodes),
        "muted node": sum(node.mode == MUTED for node in nodes),
        "bypassed node": sum(node.mode == BYPASSED for node in nodes),
        "group frame": len(items(canvas.raw.get("groups"))),
    }
    return [f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count]
