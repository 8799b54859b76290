"""Which input of a bypassed node stands in for one of its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANY = frozenset({"*", ""})


def bypass_input(inputs: Sequence[Any], outputs: Sequence[Any], slot: int, wanted: Any) -> int:
    """Return the index of the input that takes the place of an output, or -1.

    The rule is the editor's: the input at the output's own place where it fits, else the first
    of exactly the wanted type, else the first that fits.

    Args:
        inputs: Types of the node's inputs.
        outputs: Types of its outputs.
        slot: The output.
        wanted: Type of the input that the output feeds.
    """
    if not inputs:
        return -1
    if _names(wanted) <= _ANY:
        return slot if 0 <= slot < len(inputs) else 0
    offered = outputs[slot] if 0 <= slot < len(outputs) else wanted

    def fits(kind: Any) -> bool:
        return compatible(kind, offered) and compatible(kind, wanted)

    if 0 <= slot < len(inputs) and fits(inputs[slot]):
        return slot
    exact = (index for index, kind in enumerate(inputs) if kind == wanted)
    fitting = (index for index, kind in enumerate(inputs) if fits(kind))
    return next(exact, next(fitting, -1))


def compatible(one: Any, other: Any) -> bool:
    """Tell whether the editor would join sockets of two types."""
    left, right = _names(one), _names(other)
    return bool(left & right or left & _ANY or right & _ANY)


def _names(kind: Any) -> set[str]:
    if kind is None or kind == 0:
        return {"*"}
    if isinstance(kind, list):
        return {"COMBO".lower(), *(str(one).lower() for one in cast("list[Any]", kind))}
    return {part.strip().lower() for part in str(kind).split(",")}
