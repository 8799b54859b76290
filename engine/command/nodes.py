"""`loom nodes`: the kinds of nodes, as a table, as help for one, as stubs for editors."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from engine.declare.spec import MISSING, type_name
from engine.errors import InputError
from engine.jobs.local import Engine
from engine.jobs.settings import choices

if TYPE_CHECKING:
    from pathlib import Path

    from engine.declare.registry import Registry
    from engine.declare.spec import InputSpec, NodeSpec

MOST_OPTIONS = 12


def list_nodes(base: Path | None, *, as_json: bool) -> int:
    """Print all kinds of nodes, grouped by category."""
    registry = Engine(base=base).registry
    specs = sorted(registry.specs(), key=lambda spec: (spec.category, spec.id))
    if as_json:
        _print_json([_as_data(spec) for spec in specs])
        return 0
    table = Table("node", "category", "what it does", box=None, pad_edge=False)
    for spec in specs:
        about = spec.description.partition("\n")[0]
        table.add_row(Text(spec.id), Text(spec.category), Text(about))
    _console().print(table)
    _tell_failures(registry)
    return 0


def show_node(name: str, base: Path | None, *, as_json: bool) -> int:
    """Print one kind of node with its inputs: types, defaults, ranges.

    Raises:
        InputError: There is no such kind; names the nearest.
    """
    registry = Engine(base=base).registry
    kind = registry.get(name) or registry.get(registry.nearest(name) or "")
    if kind is None or kind.spec.id.casefold() != name.casefold():
        raise InputError(
            f"there is no node {name!r}",
            got=name,
            nearest=registry.nearest(name),
            hint="loom nodes",
        )
    if as_json:
        _print_json(_as_data(kind.spec))
        return 0
    _print_help(kind.spec)
    return 0


def print_stubs(base: Path | None) -> int:
    """Print Python stubs of all kinds of nodes."""
    from engine.graph.stubs import write_stubs

    sys.stdout.write(write_stubs(Engine(base=base).registry.specs()))
    return 0


def _print_help(spec: NodeSpec) -> None:
    console = _console()
    console.print(Text(f"{spec.id} ({spec.title}), {spec.category}", style="bold"))
    if spec.description:
        console.print(Markdown(spec.description))
    inputs = Table("input", "type", "default", "range or choices", "about", box=None)
    for entry in spec.inputs:
        if entry.section != "hidden":
            cells = (_name(entry), _type(entry), _default(entry), _range(entry), _about(entry))
            inputs.add_row(*map(Text, cells))
    console.print(inputs)
    outputs = Table("output", "type", "about", box=None)
    for output in spec.outputs:
        about = output.tooltip or ("a list" if output.is_list else "")
        outputs.add_row(Text(output.name), Text(str(output.type)), Text(about))
    if spec.outputs:
        console.print(outputs)


def _name(entry: InputSpec) -> str:
    return entry.name + ("" if entry.section == "required" else " (optional)")


def _type(entry: InputSpec) -> str:
    kind = type_name(entry.type)
    base = "choice" if kind == "COMBO" else kind
    marks = [mark for mark, on in (("lazy", entry.lazy), ("list", entry.gather)) if on]
    return " ".join([base, *marks])


def _default(entry: InputSpec) -> str:
    return "" if entry.default is MISSING else json.dumps(entry.default, default=str)


def _range(entry: InputSpec) -> str:
    low, high = entry.options.get("min"), entry.options.get("max")
    if low is not None or high is not None:
        step = entry.options.get("step")
        return f"{_bound(low)} to {_bound(high)}" + (f", step {step}" if step else "")
    if entry.folder:
        return f"files of {entry.folder}"
    options = choices(entry)
    shown = ", ".join(map(str, options[:MOST_OPTIONS]))
    return f"{shown}, ... ({len(options)})" if len(options) > MOST_OPTIONS else shown


def _bound(value: Any) -> str:
    return "any" if value is None else str(value)


def _about(entry: InputSpec) -> str:
    return str(entry.options.get("tooltip", ""))


def _as_data(spec: NodeSpec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "title": spec.title,
        "category": spec.category,
        "description": spec.description,
        "pack": spec.pack,
        "is_output": spec.is_output,
        "inputs": [_input_data(entry) for entry in spec.inputs if entry.section != "hidden"],
        "outputs": [
            {"name": output.name, "type": output.type, "is_list": output.is_list}
            for output in spec.outputs
        ],
    }


def _input_data(entry: InputSpec) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": entry.name,
        "type": type_name(entry.type),
        "required": entry.section == "required",
        "options": dict(entry.options),
    }
    if entry.default is not MISSING:
        data["default"] = entry.default
    if choices(entry):
        data["choices"] = choices(entry)
    if entry.folder:
        data["folder"] = entry.folder
    return data


def _tell_failures(registry: Registry) -> None:
    for failed in registry.failures:
        sys.stderr.write(f"not loaded: {failed.name}: {failed.reason}\n")


def _print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, indent=2, default=str) + "\n")


def _console() -> Console:
    """A pipe gets whole lines: tables are not folded to a width that nobody has."""
    console = Console()
    return console if console.is_terminal else Console(width=240)
