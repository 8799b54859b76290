"""The page of a built-in node in the editor's help, from what the node declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.declare.spec import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.declare.spec import InputSpec, NodeSpec

_SHOWN_CHOICES = 12


def help_text(spec: NodeSpec) -> str:
    """Return Markdown: what the node does, its inputs with their ranges, its outputs."""
    inputs = [_input_row(one) for one in spec.inputs if one.section != "hidden"]
    outputs = [(one.name, _type(one.type), one.tooltip or "") for one in spec.outputs]
    parts = [f"# {spec.title}", spec.description]
    if inputs:
        parts.append(_table("Inputs", ("Input", "Type", "Default", "Values", "What it is"), inputs))
    if outputs:
        parts.append(_table("Outputs", ("Output", "Type", "What it is"), outputs))
    return "\n\n".join(part for part in parts if part) + "\n"


def _input_row(one: InputSpec) -> tuple[str, ...]:
    default = "" if one.default is MISSING else str(one.default)
    tooltip = str(one.options.get("tooltip", ""))
    optional = " (optional)" if one.section == "optional" else ""
    return f"`{one.name}`{optional}", _type(one.type), default, _values(one), tooltip


def _type(kind: Any) -> str:
    return "choice" if isinstance(kind, list | tuple) else str(kind)


def _values(one: InputSpec) -> str:
    if one.folder is not None:
        return f"a file of {one.folder}"
    if isinstance(one.type, tuple):
        shown = ", ".join(map(str, one.type[:_SHOWN_CHOICES]))
        return f"{shown}, ..." if len(one.type) > _SHOWN_CHOICES else shown
    low, high = one.options.get("min"), one.options.get("max")
    return "" if low is None or high is None else f"{low} to {high}"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = ("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
    return f"## {title}\n\n" + "\n".join(cells)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
