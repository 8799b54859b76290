"""Prompt weights: `(text)`, `(text:1.3)`, nesting and escaped parentheses, as in ComfyUI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

EMPHASIS = 1.1
"""Factor of a pair of parentheses without a number."""
DEEPEST = 100
"""Levels of parentheses that count; 1.1 to the power of 100 is beyond all use already."""

_ESCAPED_OPEN, _ESCAPED_CLOSE = "\0\2", "\0\1"


class Segment(NamedTuple):
    """A stretch of a prompt with one weight; 1.0 leaves its conditioning as it is."""

    text: str
    weight: float


def parse(prompt: str) -> list[Segment]:
    r"""Split a prompt into segments of equal weight.

    A number after the last colon of a pair of parentheses replaces the weight around it; without
    a number the weight is multiplied by `EMPHASIS`. `\(` and `\)` are literal parentheses.
    Unbalanced parentheses are text, and so are those nested deeper than `DEEPEST`.
    """
    protected = prompt.replace(r"\)", _ESCAPED_CLOSE).replace(r"\(", _ESCAPED_OPEN)
    return [
        Segment(text.replace(_ESCAPED_CLOSE, ")").replace(_ESCAPED_OPEN, "("), weight)
        for text, weight in _weighted(protected, 1.0)
    ]


def _weighted(text: str, outer: float) -> Iterator[Segment]:
    pending = [(item, outer, 0) for item in reversed(_items(text))]
    while pending:
        item, weight, depth = pending.pop()
        if depth == DEEPEST or not _is_group(item):
            yield Segment(item, weight)
            continue
        content, number = _number(item[1:-1])
        inner = weight * EMPHASIS if number is None else number
        pending.extend((part, inner, depth + 1) for part in reversed(_items(content)))


def _is_group(item: str) -> bool:
    return len(item) >= 2 and item[0] == "(" and item[-1] == ")"  # noqa: PLR2004 - both parentheses


def _number(content: str) -> tuple[str, float | None]:
    colon = content.rfind(":")
    if colon <= 0:
        return content, None
    try:
        return content[:colon], float(content[colon + 1 :])
    except ValueError:
        return content, None


def _items(text: str) -> list[str]:
    """Cut at the outermost parentheses; a stray `)` makes the depth negative for good."""
    items: list[str] = []
    start = depth = 0
    for place, character in enumerate(text):
        if character == "(":
            if depth == 0:
                items.append(text[start:place])
                start = place
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                items.append(text[start : place + 1])
                start = place + 1
    items.append(text[start:])
    return [item for item in items if item]
