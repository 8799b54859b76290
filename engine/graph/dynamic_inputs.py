"""Inputs that depend on other inputs: written out as the plain inputs they stand for.

The declarations are ComfyUI's: a choice that brings inputs of its own (`how`, then `how.factor`),
and an input that grows (`images.image0`, `images.image1`, ...).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from engine.declare.spec import MISSING, InputSpec, type_name
from engine.graph.json_text import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.declare.spec import Section

DYNAMIC_CHOICE = "COMFY_DYNAMICCOMBO_V3"
AUTOGROW = "COMFY_AUTOGROW_V3"
MOST_SLOTS = 100
"""Most inputs that one growing input can have."""
_MOST_NESTED = 16


def written_out(
    inputs: Sequence[InputSpec], values: Mapping[str, Any], *, depth: int = 0
) -> Iterator[InputSpec]:
    """Yield the inputs of a node in order, those that depend on a choice after the choice.

    Args:
        inputs: As declared.
        values: Values by full name; read as the iteration goes on, so that whoever fills them
            while iterating gets what depends on them.
        depth: How many choices stand around these inputs.
    """
    for spec in inputs:
        kind = type_name(spec.type)
        if kind == AUTOGROW:
            yield from _slots(spec)
            continue
        yield spec
        if kind == DYNAMIC_CHOICE and depth < _MOST_NESTED:
            chosen = _chosen(spec, values.get(spec.name, spec.default))
            yield from written_out(chosen, values, depth=depth + 1)


def choices(spec: InputSpec) -> list[str]:
    """Return the keys of a choice that brings inputs of its own."""
    return [option["key"] for option in _options(spec) if isinstance(option.get("key"), str)]


def _options(spec: InputSpec) -> list[dict[str, Any]]:
    options = spec.options.get("options")
    if not isinstance(options, list | tuple):
        return []
    return [one for one in cast("list[Any]", options) if isinstance(one, dict)]


def _chosen(spec: InputSpec, key: Any) -> list[InputSpec]:
    for option in _options(spec):
        if option.get("key") == key:
            return _nested(spec, option.get("inputs"))
    return []


def _nested(owner: InputSpec, sections: Any) -> list[InputSpec]:
    found: list[InputSpec] = []
    for section in ("required", "optional"):
        named = mapping(mapping(sections).get(section))
        for name, wire in named.items():
            optional = section == "optional" or owner.section == "optional"
            found.append(
                _from_wire(f"{owner.name}.{name}", wire, "optional" if optional else "required")
            )
    return found


def _slots(spec: InputSpec) -> Iterator[InputSpec]:
    template = mapping(spec.options.get("template"))
    least = template.get("min", 1)
    most = min(template.get("max", MOST_SLOTS), MOST_SLOTS)
    inner = _nested(replace(spec, section="required"), template.get("input"))
    if not inner:
        return
    names: Any = template.get("names")
    if not isinstance(names, list):
        names = [f"{template.get('prefix', inner[0].name)}{index}" for index in range(most)]
    for index, name in enumerate(cast("list[str]", names)):
        needed = index < least and inner[0].section == "required" and spec.section == "required"
        section: Section = "required" if needed else "optional"
        yield replace(inner[0], name=f"{spec.name}.{name}", section=section)


def _from_wire(name: str, wire: Any, section: Section) -> InputSpec:
    kind, *rest = cast("list[Any]", wire)
    options = dict(mapping(rest[0] if rest else None))
    return InputSpec(
        name=name,
        type=tuple(cast("list[Any]", kind)) if isinstance(kind, list) else kind,
        section=section,
        default=options.pop("default", MISSING),
        lazy=bool(options.get("lazy")),
        options=options,
    )
