"""A small drawing of a workflow's boxes and lines, for templates without a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard
from xml.sax.saxutils import escape

from engine.graph.json_text import items, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARGIN = 40.0
_MOST_NODES = 2_000
_FARTHEST = 1e7
_BACKGROUND, _BOX, _HEAD, _LINE, _TEXT = "#1b1d22", "#2f333b", "#454b57", "#8fa3bf", "#e6e9ef"
_HEAD_HEIGHT = 30.0

Box = tuple[float, float, float, float]
"""Left, top, width, height, in the canvas's units."""


def drawing(canvas: dict[str, Any]) -> str:
    """Return a canvas as SVG: boxes with their titles, and the links between them.

    Args:
        canvas: UI JSON 0.4; what is broken in it is left out.
    """
    boxes = dict(_boxes(canvas))
    left = min((box[0] for box, _ in boxes.values()), default=0.0) - _MARGIN
    top = min((box[1] for box, _ in boxes.values()), default=0.0) - _MARGIN - _HEAD_HEIGHT
    right = max((box[0] + box[2] for box, _ in boxes.values()), default=100.0) + _MARGIN
    bottom = max((box[1] + box[3] for box, _ in boxes.values()), default=100.0) + _MARGIN
    shapes = [*_lines(canvas, boxes), *(_shape(box, title) for box, title in boxes.values())]
    view = f"{left:g} {top:g} {right - left:g} {bottom - top:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="512" height="320">'
        f'<rect x="{left:g}" y="{top:g}" width="100%" height="100%" fill="{_BACKGROUND}"/>'
        f"{''.join(shapes)}</svg>"
    )


def _boxes(canvas: dict[str, Any]) -> Iterator[tuple[str, tuple[Box, str]]]:
    for node in items(canvas.get("nodes"))[:_MOST_NODES]:
        facts = mapping(node)
        place, size = _pair(facts.get("pos")), _pair(facts.get("size"))
        if place is not None and size is not None:
            title = str(facts.get("title") or facts.get("type") or "")
            yield str(facts.get("id")), ((*place, *size), title)


def _pair(value: Any) -> tuple[float, float] | None:
    """Return two numbers, from a list or from an object with the keys 0 and 1."""
    found = items(value) or [mapping(value).get("0"), mapping(value).get("1")]
    first, second = [*found, None, None][:2]
    return (float(first), float(second)) if _is_near(first) and _is_near(second) else None


def _is_near(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and abs(value) <= _FARTHEST


def _lines(canvas: dict[str, Any], boxes: dict[str, tuple[Box, str]]) -> Iterator[str]:
    for link in items(canvas.get("links")):
        ends = items(link)
        if len(ends) < 4:  # noqa: PLR2004 - id, origin, its slot, target
            continue
        origin, target = boxes.get(str(ends[1])), boxes.get(str(ends[3]))
        if origin is None or target is None:
            continue
        (x, y, width, height), (to_x, to_y, _, to_height) = origin[0], target[0]
        start, end = (x + width, y + height / 3), (to_x, to_y + to_height / 3)
        bend = max(abs(end[0] - start[0]) / 2, _MARGIN)
        yield (
            f'<path d="M{start[0]:g} {start[1]:g} C{start[0] + bend:g} {start[1]:g} '
            f'{end[0] - bend:g} {end[1]:g} {end[0]:g} {end[1]:g}" '
            f'fill="none" stroke="{_LINE}" stroke-width="5"/>'
        )


def _shape(box: Box, title: str) -> str:
    x, y, width, height = box
    words = "".join(mark for mark in title[:40] if mark.isprintable())
    top = y - _HEAD_HEIGHT
    whole = max(height, 0) + _HEAD_HEIGHT
    return (
        f'<rect x="{x:g}" y="{top:g}" width="{max(width, 0):g}" height="{whole:g}" '
        f'rx="10" fill="{_BOX}"/>'
        f'<rect x="{x:g}" y="{top:g}" width="{max(width, 0):g}" height="{_HEAD_HEIGHT:g}" '
        f'rx="10" fill="{_HEAD}"/>'
        f'<text x="{x + 12:g}" y="{y - 8:g}" font-family="sans-serif" font-size="22" '
        f'fill="{_TEXT}">{escape(words)}</text>'
    )
