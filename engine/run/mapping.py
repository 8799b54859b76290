"""Lists: which calls a node gets for lists of inputs, and how what they return becomes outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.declare.spec import Blocker
from engine.errors import InputError
from engine.graph.model import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.declare.spec import Returned
    from engine.run.facts import Facts

Items = dict[str, Any]
"""The inputs of one call, by name."""


def calls(lists: Mapping[str, list[Any]], facts: Facts) -> list[Items]:
    """Return the inputs of each call of a node.

    There are as many calls as the longest list has items; shorter lists repeat their last item.
    Inputs that gather, and all inputs of a node that takes lists, get whole lists. A node without
    inputs is called once, and so, without arguments, is one whose lists are all empty.

    Args:
        lists: The items of each input.
        facts: Of the node's kind.

    Raises:
        InputError: A list is empty and another is not.
    """
    if facts.takes_lists:
        return [dict(lists)]
    mapped = {name: items for name, items in lists.items() if not _gathers(facts, name)}
    whole = {name: items for name, items in lists.items() if name not in mapped}
    longest = max(map(len, mapped.values()), default=1)
    if longest == 0:
        return [whole]
    empty = next((name for name, items in mapped.items() if not items), None)
    if empty is not None:
        raise InputError(
            "the list is empty while others are not",
            input=empty,
            expected="at least one item",
            got="no items",
        )
    if longest == 1:
        return [whole | {name: items[0] for name, items in mapped.items()}]
    return [
        whole | {name: items[min(index, len(items) - 1)] for name, items in mapped.items()}
        for index in range(longest)
    ]


def item_of(items: list[Any], index: int, name: str, facts: Facts) -> Any:
    """Return what one call gets of an input that became known after the calls were laid out.

    Args:
        items: The items of the input.
        index: Which call.
        name: Name of the input.
        facts: Of the node's kind.

    Raises:
        InputError: The list is empty.
    """
    if facts.takes_lists or _gathers(facts, name):
        return items
    if not items:
        raise InputError("the list is empty", input=name, expected="at least one item")
    return items[min(index, len(items) - 1)]


def blocker_in(items: Items, facts: Facts) -> Blocker | None:
    """Return the blocker that keeps a call from being made, or None."""
    for name, value in items.items():
        if type(value) is Blocker:
            return value
        if type(value) is list and (facts.takes_lists or _gathers(facts, name)):
            items_ = cast("list[Any]", value)
            blocker = next((item for item in items_ if type(item) is Blocker), None)
            if blocker is not None:
                return blocker
    return None


def slot_lists(returned: Sequence[Returned], facts: Facts) -> list[list[Any]]:
    """Return the items of each output slot over all calls; links stay links.

    Slots that a node left out hold None, as a link to them finds it.

    Raises:
        InputError: An output that should be a list is none.
    """
    count = len(facts.list_slots)
    given = max((_arity(one) for one in returned), default=0)
    slots: list[list[Any]] = [[] for _ in range(max(count, given))]
    for one in returned:
        for slot, items in enumerate(slots):
            items.extend(_items(one, slot, is_list=slot < count and facts.list_slots[slot]))
    return slots


def merged_ui(returned: Sequence[Returned]) -> dict[str, list[Any]]:
    """Return what all calls show, key by key; the first that shows something decides the keys."""
    shown = [one.ui for one in returned if one.ui]
    if not shown:
        return {}
    return {key: [item for ui in shown for item in ui.get(key, ())] for key in shown[0]}


def _gathers(facts: Facts, name: str) -> bool:
    return facts.entries[name].gathers


def _arity(returned: Returned) -> int:
    return 0 if isinstance(returned.outputs, Blocker) else len(returned.outputs)


def _items(returned: Returned, slot: int, *, is_list: bool) -> Sequence[Any]:
    outputs = returned.outputs
    if isinstance(outputs, Blocker):
        return (outputs,)
    if slot >= len(outputs):
        return (None,)
    value = outputs[slot]
    if not is_list or isinstance(value, Blocker | Link):
        return (value,)
    if not isinstance(value, list | tuple):
        raise InputError(
            f"output {slot} must be a list", expected="a list", got=type(value).__qualname__
        )
    return value  # pyright: ignore[reportUnknownVariableType]
