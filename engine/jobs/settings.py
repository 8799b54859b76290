"""`NODE.input=VALUE`: which input of a workflow a user means, and which value."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.declare.spec import type_name
from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.declare.registry import Registry
    from engine.declare.spec import InputSpec
    from engine.graph.model import Graph, Node

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """One input of one node.

    Attributes:
        node: Id of the node.
        input: Name of the input.
        spec: What the node declares about it; None where it declares nothing.
    """

    node: str
    input: str
    spec: InputSpec | None


def find_node(graph: Graph, name: str) -> Node:
    """Return the node that a user names by id, by title, or by type where only one has it.

    Raises:
        InputError: No node has this name, or several have.
    """
    if name in graph.nodes:
        return graph.nodes[name]
    for found in (
        [node for node in graph.nodes.values() if node.title == name],
        [node for node in graph.nodes.values() if node.type == name],
        [node for node in graph.nodes.values() if name.lower() in _names_of(node)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(node.id for node in found)
            raise InputError(
                f"{len(found)} nodes are called {name!r}",
                got=name,
                hint=f"say which one by its id: {ids}",
            )
    known = sorted({*graph.nodes, *_labels(graph)})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    raise InputError(
        f"the workflow has no node {name!r}",
        expected="an id, a title or a type: " + _listed(known),
        got=name,
        nearest=near[0] if near else None,
    )


def find_place(graph: Graph, registry: Registry, target: str) -> Place:
    """Return the input that `NODE.input` names; both may contain dots.

    Raises:
        InputError: There is no such node or input.
    """
    node, name = _split(graph, target)
    kind = registry.get(node.type)
    spec = kind.input(name) if kind else None
    if spec is not None or name in node.inputs:
        return Place(node=node.id, input=name, spec=spec)
    declared = (
        [entry.name for entry in kind.spec.inputs if entry.section != "hidden"] if kind else []
    )
    known = sorted({*declared, *node.inputs})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    raise InputError(
        f"node {node.id} ({node.type}) has no input {name!r}",
        expected=_listed(known) or "nothing: this node has no inputs",
        got=name,
        nearest=f"{node.id}.{near[0]}" if near else None,
    )


def parse_value(place: Place, text: str) -> Any:
    """Return the value that a text stands for, as the input's type wants it.

    Texts and choices are taken as they are. Where the type does not say, JSON is read where the
    text is JSON.

    Raises:
        InputError: The input wants a number or a truth value and the text is none.
    """
    wanted = type_name(place.spec.type) if place.spec else None
    if wanted == "INT":
        return _number(place, text, int, "a whole number")
    if wanted == "FLOAT":
        return _number(place, text, float, "a number")
    if wanted == "BOOLEAN":
        if text.lower() not in _TRUE | _FALSE:
            raise _wrong(place, text, "true or false")
        return text.lower() in _TRUE
    if wanted == "STRING":
        return text
    if wanted == "COMBO":
        return _choice(place, text)
    return _json_or_text(text)


def choices(spec: InputSpec) -> tuple[Any, ...]:
    """Return what a choice may be set to, as far as the declaration lists it."""
    listed: Any = spec.type if isinstance(spec.type, tuple) else spec.options.get("options")
    if not isinstance(listed, list | tuple):
        return ()
    entries = cast("list[Any] | tuple[Any, ...]", listed)
    return tuple(
        cast("dict[str, Any]", entry)["key"] if isinstance(entry, dict) else entry
        for entry in entries
    )


def is_numeric(place: Place) -> bool:
    """Tell whether the input takes numbers, so that `1..8` is a range and not a text."""
    return place.spec is not None and type_name(place.spec.type) in {"INT", "FLOAT"}


def _split(graph: Graph, target: str) -> tuple[Node, str]:
    """Prefer the longest name of a node that exists: titles and ids may contain dots."""
    dots = [index for index, character in enumerate(target) if character == "."]
    if not dots:
        raise InputError(
            "the input is not named", expected="NODE.input, such as KSampler.seed", got=target
        )
    for dot in reversed(dots[1:]):
        try:
            return find_node(graph, target[:dot]), target[dot + 1 :]
        except InputError:
            continue
    return find_node(graph, target[: dots[0]]), target[dots[0] + 1 :]


def _names_of(node: Node) -> set[str]:
    return {name.lower() for name in (node.title, node.type) if name}


def _labels(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        yield node.type
        if node.title:
            yield node.title


def _number(place: Place, text: str, kind: type[int] | type[float], expected: str) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise _wrong(place, text, expected) from None


def _choice(place: Place, text: str) -> Any:
    """Return the option that is written so, whatever its type; validation names the nearest."""
    for option in choices(place.spec) if place.spec else ():
        if str(option) == text:
            return option
    return text


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _wrong(place: Place, text: str, expected: str) -> InputError:
    return InputError(
        f"wrong value for {place.node}.{place.input}",
        input=place.input,
        expected=expected,
        got=repr(text),
    )


def _listed(names: list[str], most: int = 20) -> str:
    shown = ", ".join(names[:most])
    return f"{shown}, ..." if len(names) > most else shown
