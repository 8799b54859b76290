"""Lists: many values on one link. A node that takes one value runs once for each of them."""

import itertools
from typing import Annotated, Any, NamedTuple

from engine import Autogrow, InputError, Number, Output, Text, node

CATEGORY = "lists"
Items = Annotated[list[Any], Output("list")]
ItemsOrNone = list[Any] | None

Position = Annotated[int, Number(-(2**31), 2**31)]


class Lists(NamedTuple):
    """Lists of equal length, item for item; what was not linked is empty."""

    first: list[Any]
    second: list[Any]
    third: list[Any]
    fourth: list[Any]


@node("MakeList", category=CATEGORY, title="Make List", search_aliases=("join", "append"))
def make_list(
    *, values: Annotated[tuple[list[Any], ...], Autogrow(1, 100, prefix="value")]
) -> Items:
    """Make one list of values and lists, in order."""
    return list(itertools.chain.from_iterable(values))


@node("ListRange", category=CATEGORY, title="Number List", search_aliases=("range", "count"))
def number_list(
    *, start: Position = 0, stop: Position = 10, step: Position = 1
) -> Annotated[list[int], Output("list")]:
    """List whole numbers from `start` up to but without `stop`.

    Args:
        step: Difference of two neighbours; negative counts down.
    """
    if step == 0:
        raise InputError("a step of 0 never ends", input="step", expected="any other number")
    return list(range(start, stop, step))


@node("TextLines", category=CATEGORY, title="Text Lines", search_aliases=("split", "prompts"))
def text_lines(
    *, text: Annotated[str, Text(multiline=True)], skip_empty: bool = True
) -> Annotated[list[str], Output("list")]:
    """List the lines of a text.

    Args:
        skip_empty: Leave out lines without a word.
    """
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line or not skip_empty]


@node("ListLength", category=CATEGORY, title="List Length")
def length(*, items: list[Any]) -> Annotated[int, Output("length")]:
    """Count the values of a list."""
    return len(items)


@node("ListItem", category=CATEGORY, title="List Item", search_aliases=("index", "pick"))
def item(*, items: list[Any], index: Position = 0) -> Annotated[Any, Output("item")]:
    """Pick one value of a list.

    Args:
        index: Counts from 0, or from the end with -1.
    """
    try:
        return items[index]
    except IndexError:
        raise InputError(
            "the list is too short",
            input="index",
            expected=f"{-len(items)} to {len(items) - 1}" if items else "a list that is not empty",
            got=str(index),
        ) from None


@node("ListSlice", category=CATEGORY, title="List Slice", search_aliases=("part", "first", "last"))
def part(
    *,
    items: list[Any],
    start: Position = 0,
    stop: Annotated[int, Number(-(2**31), 2**31)] = 2**31,
    step: Annotated[int, Number(1, 2**31)] = 1,
) -> Items:
    """Take a part of a list.

    Args:
        start: The first value; negative counts from the end.
        stop: The first value that is left out again.
        step: Take every so manyth.
    """
    return items[start:stop:step]


@node("ListReverse", category=CATEGORY, title="Reverse List")
def reverse(*, items: list[Any]) -> Items:
    """Turn a list round."""
    return items[::-1]


@node("ListZip", category=CATEGORY, title="Pair Lists (strict)", search_aliases=("zip",))
def pair(
    *,
    first: list[Any],
    second: list[Any],
    third: ItemsOrNone = None,
    fourth: ItemsOrNone = None,
) -> Lists:
    """Pair lists item for item; lists of different length are an error."""
    given = _given(first, second, third, fourth)
    _check_lengths(given, allowed={len(first)})
    return _lists(given)


@node("ListBroadcast", category=CATEGORY, title="Pair Lists (repeat single values)")
def broadcast(
    *,
    first: list[Any],
    second: list[Any],
    third: ItemsOrNone = None,
    fourth: ItemsOrNone = None,
) -> Lists:
    """Pair lists item for item; a single value is repeated for all items of the others."""
    given = _given(first, second, third, fourth)
    longest = max(map(len, given.values()))
    _check_lengths(given, allowed={1, longest})
    repeated = {
        name: values * longest if len(values) == 1 else values for name, values in given.items()
    }
    return _lists(repeated)


@node("ListProduct", category=CATEGORY, title="All Combinations", search_aliases=("cross", "grid"))
def product(
    *,
    first: list[Any],
    second: list[Any],
    third: ItemsOrNone = None,
    fourth: ItemsOrNone = None,
) -> Lists:
    """Combine every item with every item of the other lists; the last list varies fastest."""
    given = _given(first, second, third, fourth)
    combinations = list(itertools.product(*given.values()))
    columns = [[chosen[place] for chosen in combinations] for place in range(len(given))]
    return _lists(dict(zip(given, columns, strict=True)))


def _given(
    first: list[Any], second: list[Any], third: ItemsOrNone, fourth: ItemsOrNone
) -> dict[str, list[Any]]:
    named = {"first": first, "second": second, "third": third, "fourth": fourth}
    return {name: values for name, values in named.items() if values is not None}


def _check_lengths(given: dict[str, list[Any]], allowed: set[int]) -> None:
    wrong = next((name for name, values in given.items() if len(values) not in allowed), None)
    if wrong is not None:
        lengths = ", ".join(f"{name} has {len(values)}" for name, values in given.items())
        raise InputError(
            "the lists do not have the same length",
            input=wrong,
            expected=f"{max(allowed)} values",
            got=lengths,
            hint='use "All Combinations", or "Pair Lists (repeat single values)"',
        )


def _lists(given: dict[str, list[Any]]) -> Lists:
    names = ("first", "second", "third", "fourth")
    return Lists(*(given.get(name, []) for name in names))
