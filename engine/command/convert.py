"""`loom convert`: a workflow in another form."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Literal

from engine.command.run import read_source
from engine.graph.api_format import write_api
from engine.graph.canvas import BYPASSED, MUTED
from engine.graph.canvas_writer import draw
from engine.graph.json_text import items
from engine.graph.ui_format import write_ui
from engine.jobs.local import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from engine.graph.canvas import Canvas
    from engine.jobs.local import Workflow

NOTES = frozenset({"Note", "MarkdownNote"})
"""Nodes that hold a text for the reader."""


def convert_workflow(file: str, to: Literal["api", "ui", "python"], base: Path | None) -> int:
    """Print a workflow in another form; what could not be taken over is told on stderr.

    Args:
        file: A path, or `-` for stdin.
        to: ComfyUI's API JSON, canvas JSON, or a Python script that builds the graph.
        base: As for all commands.
    """
    with Engine(base=base) as engine:
        workflow = engine.load(read_source(file))
        for note in workflow.notes:
            sys.stderr.write(f"note: {note.render()}\n")
        if workflow.file.canvas is not None and to != "ui":
            for what in left_out(workflow.file.canvas):
                sys.stderr.write(f"note: only the canvas has {what}\n")
        sys.stdout.write(_written(workflow, to))
    return 0


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


def _written(workflow: Workflow, to: Literal["api", "ui", "python"]) -> str:
    if to == "python":
        from engine.graph.script import write_script

        return write_script(workflow.graph)
    if to == "api":
        document = write_api(workflow.graph)
    elif workflow.file.canvas is not None:
        document = write_ui(workflow.file.canvas)
    else:
        document = draw(workflow.graph, workflow.registry.get)
    return json.dumps(document, indent=2) + "\n"
