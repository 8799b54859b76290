"""What editors read to complete and check flows: a `.pyi` with a method for each kind of node."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from engine.declare.spec import type_name
from engine.graph.dynamic_inputs import AUTOGROW, DYNAMIC_CHOICE
from engine.graph.script import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.declare.spec import InputSpec, NodeSpec, OutputSpec, SocketType

_MOST_CHOICES = 200
_PLAIN = {"INT": "int", "FLOAT": "float", "STRING": "str", "BOOLEAN": "bool", "COMBO": "str"}
_HEAD = '''"""Written by `loom nodes --stubs`: what editors know about flows."""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, TypeAlias, TypeVar, overload

from engine.graph.model import BrokenLink, Graph, Link

_T = TypeVar("_T", covariant=True)

class Step:
    id: str

class AnyStep(Step):
    def __getitem__(self, slot: int) -> Any: ...

class Out(Link, Generic[_T]): ...

class One(Step, Generic[_T]):
    def __getitem__(self, slot: Literal[0]) -> Out[_T]: ...

In: TypeAlias = Out[_T] | One[_T]
'''
_FLOW = """
class Flow:
    def __init__(self) -> None: ...
    def node(
        self, type_: str, id_: str | None = ..., title_: str | None = ..., /, **inputs: Any
    ) -> AnyStep: ...
    def link(self, id_: str, slot: int = ...) -> Any: ...
    def broken(self, value: list[Any]) -> BrokenLink: ...
    def keep(
        self, id_: str, *, is_changed: Any = ..., extra: Mapping[str, Any] | None = ...
    ) -> None: ...
    def graph(self, *, order: Iterable[str] | None = ...) -> Graph: ...
"""


def write_stubs(specs: Iterable[NodeSpec]) -> str:
    """Return the text of `flow.pyi`, which editors find beside `engine/graph/flow.py`.

    Kinds of nodes whose names are no Python names are reached by `flow.node` only.

    Args:
        specs: The kinds of nodes that there are.
    """
    named = sorted((spec for spec in specs if _is_name(spec.id)), key=lambda spec: spec.id)
    called = [spec for spec in named if spec.id not in RESERVED and not spec.id.startswith("_")]
    sockets = {name for spec in called for name in _sockets(spec)}
    parts = [_HEAD]
    parts.extend(f"\nclass {name}: ..." for name in sorted(sockets))
    parts.extend(_step(spec) for spec in called if len(spec.outputs) > 1)
    parts.append(_FLOW)
    parts.extend(_method(spec) for spec in called)
    return "\n".join(parts) + "\n"


def _step(spec: NodeSpec) -> str:
    lines = [f"\nclass {spec.id}Step(Step):"]
    for slot, output in enumerate(spec.outputs):
        lines.append("    @overload")
        lines.append(f"    def __getitem__(self, slot: Literal[{slot}]) -> {_out(output)}: ...")
    return "\n".join(lines)


def _method(spec: NodeSpec) -> str:
    lines = ["    def " + spec.id + "("]
    lines.append("        self, id_: str | None = ..., title_: str | None = ..., /,")
    inputs = [one for one in spec.inputs if one.section != "hidden"]
    plain = [one for one in inputs if _is_free_name(one.name) and type_name(one.type) != AUTOGROW]
    if plain:
        lines.append("        *,")
    for one in plain:
        default = "" if one.section == "required" else " = ..."
        lines.append(f"        {one.name}: {_accepted(one)}{default},")
    dynamic = any(type_name(one.type) in {AUTOGROW, DYNAMIC_CHOICE} for one in inputs)
    if dynamic or len(plain) < len(inputs):
        lines.append("        **inputs: Any,")
    lines.append(f"    ) -> {_result(spec)}:")
    lines.append(f'        """{_words(spec)}"""')
    return "\n".join(lines)


def _result(spec: NodeSpec) -> str:
    if len(spec.outputs) > 1:
        return f"{spec.id}Step"
    return f"One[{_union(spec.outputs[0].type)}]" if spec.outputs else "Step"


def _accepted(spec: InputSpec) -> str:
    if type_name(spec.type) in {"*", DYNAMIC_CHOICE}:
        return "Any"
    constant = (
        _PLAIN.get(type_name(spec.type), "") if isinstance(spec.type, str) else _choices(spec)
    )
    kinds = _names(spec.type)
    if "Any" in kinds:
        return "Any"
    links = " | ".join(f"In[{kind}]" for kind in kinds)
    return f"{constant} | {links}" if constant else links


def _choices(spec: InputSpec) -> str:
    options = [] if isinstance(spec.type, str) else list(spec.type)
    if spec.folder or not 0 < len(options) <= _MOST_CHOICES:
        return "str"
    if not all(isinstance(option, str | int) for option in options):
        return "Any"
    return f"Literal[{', '.join(map(repr, options))}]"


def _out(output: OutputSpec) -> str:
    return f"Out[{_union(output.type)}]"


def _union(kind: SocketType) -> str:
    return " | ".join(_names(kind))


def _names(kind: SocketType) -> list[str]:
    """Return the markers that stand for a wire type; `Any` for those that match everything."""
    if not isinstance(kind, str):
        return ["COMBO"]
    names = [part.strip() for part in str.__str__(kind).split(",")]
    return names if all(map(_is_name, names)) and not kind.startswith("COMFY_") else ["Any"]


def _sockets(spec: NodeSpec) -> Iterator[str]:
    for one in (*spec.inputs, *spec.outputs):
        yield from (name for name in _names(one.type) if name != "Any")


def _words(spec: NodeSpec) -> str:
    words = " ".join((spec.description or spec.title or spec.id).split())
    return words.replace("\\", "\\\\").replace('"', "'")


def _is_name(text: str) -> bool:
    return text.isidentifier() and text.isascii() and not keyword.iskeyword(text)


def _is_free_name(text: str) -> bool:
    """Tell whether an input can be written beside a method's own parameters."""
    return _is_name(text) and text not in {"self", "id_", "title_"}
