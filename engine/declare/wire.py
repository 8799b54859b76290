"""Inputs as the catalogue and the dynamic inputs write them: `["INT", {"default": 0}]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.declare.spec import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.declare.spec import InputSpec, SocketType


def plain_type(kind: SocketType) -> str | list[Any]:
    """Return a wire type as JSON, whatever subclass of `str` a pack made it."""
    return list(kind) if not isinstance(kind, str) else str.__str__(kind)


def wire_input(spec: InputSpec, choices: Iterable[str] | None = None) -> list[Any]:
    """Return one input: its type, and its options where it has some.

    Args:
        spec: The input.
        choices: The values of a choice whose values are in no declaration.
    """
    options = dict(spec.options)
    if spec.default is not MISSING:
        options = {"default": spec.default, **options}
    if spec.lazy and not spec.raw_link:
        options["lazy"] = True
    kind = plain_type(spec.type) if choices is None else list(choices)
    return [kind, options] if options else [kind]


def wire_section(specs: Iterable[InputSpec]) -> Mapping[str, list[Any]]:
    """Return inputs by name."""
    return {spec.name.rpartition(".")[2]: wire_input(spec) for spec in specs}
