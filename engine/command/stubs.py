"""Stubs of all kinds of nodes: completion and checking for graphs that are built in Python.

    loom nodes --stubs > typings/engine/graph/flow.pyi

Pyright and Pylance find them there. Every wire type is a class, so that a wrong link is a type
error.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from engine.jobs.settings import choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.declare.spec import InputSpec, NodeSpec, SocketType

MOST_CHOICES = 100
_PLAIN = {"INT": "int", "FLOAT": "float", "STRING": "str", "BOOLEAN": "bool"}
_HEAD = '''"""Written by `loom nodes --stubs`."""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, TypeVar, overload

from engine.graph.model import BrokenLink, Graph, Link

T_co = TypeVar("T_co", covariant=True)

class Step(Generic[T_co]):
    id: str

class AnyStep(Step[Any]):
    def __getitem__(self, slot: int) -> Any: ...
'''
_FLOW = """class Flow:
    def __init__(self) -> None: ...
    def node(
        self, type_: str, id_: str | None = None, title: str | None = None, /, **inputs: Any
    ) -> AnyStep: ...
    def link(self, id_: str, slot: int = 0) -> Any: ...
    def broken(self, value: list[Any]) -> BrokenLink: ...
    def keep(
        self, id_: str, *, is_changed: Any = None, extra: Mapping[str, Any] | None = None
    ) -> None: ...
    def graph(self, *, order: Iterable[str] | None = None) -> Graph: ...
"""


def stubs_of(specs: Iterable[NodeSpec]) -> str:
    """Return the text of a stub file in which `Flow` has a typed method for each kind of node."""
    named = sorted(
        (spec for spec in specs if _is_name(spec.id)), key=lambda spec: (spec.id.lower(), spec.id)
    )
    sockets = sorted({name for spec in named for name in _sockets(spec)})
    classes = [f"class {name}(Link): ..." for name in sockets]
    steps = [_step(spec) for spec in named]
    return "\n".join([_HEAD, *classes, "", *steps, _FLOW, *map(_method, named)])


def _sockets(spec: NodeSpec) -> Iterator[str]:
    for port in (*spec.inputs, *spec.outputs):
        yield from _links(port.type)


def _links(kind: SocketType) -> Iterator[str]:
    """Yield the classes of a wire type; none for `*`, which takes everything."""
    for part in str(kind).split(",") if isinstance(kind, str) else ("COMBO",):
        if part.strip() not in {"*", ""}:
            name = re.sub(r"\W", "_", part.strip())
            yield f"{name}_" if keyword.iskeyword(name) or name[0].isdigit() else name


def _step(spec: NodeSpec) -> str:
    outputs = [next(_links(output.type), "Any") for output in spec.outputs]
    lines = [f"class _{spec.id}(Step[{outputs[0] if outputs else None}]):"]
    for slot, kind in enumerate(outputs):
        if len(outputs) > 1:
            lines.append("    @overload")
        lines.append(f"    def __getitem__(self, slot: Literal[{slot}]) -> {kind}: ...")
    return "\n".join(lines if outputs else [f"{lines[0]} ..."])


def _method(spec: NodeSpec) -> str:
    shown = [entry for entry in spec.inputs if entry.section != "hidden"]
    required = [entry for entry in shown if entry.section == "required" and _is_argument(entry)]
    optional = [entry for entry in shown if entry.section == "optional" and _is_argument(entry)]
    arguments = [f"{entry.name}: {_type(entry)}" for entry in required]
    arguments += [f"{entry.name}: {_type(entry)} = ..." for entry in optional]
    head = ["self", "id_: str | None = None", "title: str | None = None", "/"]
    if arguments:
        head.append("*")
    if len(required) + len(optional) < len(shown):
        arguments.append("**inputs: Any")
    body = "".join(f"        {argument},\n" for argument in [*head, *arguments])
    return f"    def {spec.id}(\n{body}    ) -> _{spec.id}:\n{_docstring(spec, shown)}        ...\n"


def _type(entry: InputSpec) -> str:
    listed = choices(entry)
    parts = entry.type.split(",") if isinstance(entry.type, str) else ()
    plain = " | ".join(_PLAIN[part] for part in parts if part in _PLAIN)
    if listed and len(listed) <= MOST_CHOICES and entry.folder is None:
        plain = f"Literal[{', '.join(map(repr, listed))}]"
    elif entry.folder is not None or isinstance(entry.type, tuple) or entry.type == "COMBO":
        plain = "str"
    links = list(_links(entry.type))
    if not links:
        return "Any"
    steps = [f"Step[{name}]" for name in links]
    return " | ".join([*([plain] if plain else []), *links, *steps])


def _is_argument(entry: InputSpec) -> bool:
    """Dynamic inputs have names that only a workflow knows."""
    return _is_name(entry.name) and not str(entry.type).startswith("COMFY_")


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _docstring(spec: NodeSpec, shown: list[InputSpec]) -> str:
    words = [spec.description.strip() or spec.title]
    told = [(entry.name, entry.options.get("tooltip")) for entry in shown]
    if any(tooltip for _, tooltip in told):
        words.append("\nArgs:")
        words += [f"    {name}: {tooltip}" for name, tooltip in told if tooltip]
    text = "\n".join(words).replace("\\", "\\\\").replace('"""', '\\"""')
    indented = "\n".join(f"        {line}".rstrip() for line in text.split("\n")).lstrip()
    return f'        """{indented}\n        """\n'
