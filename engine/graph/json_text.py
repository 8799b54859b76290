"""JSON from strangers: read with limits, refused with a sentence instead of a traceback."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NoReturn, cast

from engine.errors import WorkflowFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 * 2**20
"""Longest JSON text that is read; the largest workflows in use have about 5 MB."""
MAX_DEPTH = 128
"""Deepest nesting of lists and objects that is read; real workflows stay below 30."""
MAX_VALUES = 10_000_000
"""Most values in one document."""
_MAY_BE_NAN = "is_changed"
_SURROGATES = ("\ud800", "\udfff")
_OBJECT: type = dict
_NESTING: frozenset[type] = frozenset({dict, list})
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


def parse_json(text: str | bytes, name: str) -> Any:
    """Return the value that a JSON text holds.

    NaN and infinities are taken only below `is_changed`, where ComfyUI itself writes them.

    Args:
        text: JSON; bytes may be UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
        name: What to call the text in messages: a file name, `the chunk "prompt"`.

    Raises:
        WorkflowFormatError: Too long, not JSON, nested too deep, with doubled keys, with numbers
            that JSON does not have, or with broken characters.
    """
    if len(text) > MAX_BYTES:
        refuse(f"{name} is longer than the {MAX_BYTES // 2**20} MB that are read")
    decoded = _decoded(text, name)
    numbers = _Numbers()
    try:
        value = json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_float=numbers.read,
            parse_constant=numbers.read,
        )
    except RecursionError:
        refuse(f"{name} is nested deeper than {MAX_DEPTH} levels")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        what = error.msg.lower().removesuffix(" starting at")
        refuse(f"{name} is not valid JSON: {what} at {place}")
    except ValueError as error:
        refuse(f"{name} is not valid JSON: {error}")
    # What comes out of a JSON text is what JSON can hold, but for these two. Looking at every
    # value of a large workflow would take several times as long as reading it.
    _check_extent(value, name)
    if numbers.odd or _has_halves(decoded):
        check_json(value, name)
    return value


def check_json(value: Any, name: str) -> None:
    """Make sure that a value is what JSON can hold, within the limits of this module.

    Raises:
        WorkflowFormatError: It is not.
    """
    count = 0
    stack: list[tuple[Any, int, bool]] = [(value, 0, False)]
    while stack:
        item, depth, lenient = stack.pop()
        count += 1
        if depth > MAX_DEPTH:
            refuse(f"{name} is nested deeper than {MAX_DEPTH} levels")
        if count > MAX_VALUES:
            refuse(f"{name} holds more than {MAX_VALUES} values")
        if isinstance(item, dict | list):
            nested = cast("dict[Any, Any] | list[Any]", item)
            stack.extend(_children(nested, depth + 1, lenient, name))
        else:
            _check_scalar(item, lenient=lenient, name=name)


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and an empty one for everything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a JSON list as it is, and an empty one for everything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def refuse(message: str) -> NoReturn:
    """Raise the error of this package's readers.

    Raises:
        WorkflowFormatError: Always.
    """
    raise WorkflowFormatError(message) from None


class _Numbers:
    """Reads numbers with a point, and notices those that JSON does not have."""

    def __init__(self) -> None:
        self.odd = False

    def read(self, text: str) -> float:
        number = float(text)
        self.odd = self.odd or not math.isfinite(number)
        return number


def _has_halves(text: str) -> bool:
    """Tell whether there may be halves of characters in a JSON text or in what it holds."""
    if _ESCAPED_HALF.search(text):
        return True
    return not text.isascii() and _HALF.search(text) is not None


def _check_extent(value: Any, name: str) -> None:
    """Make sure that a value is neither nested too deep nor made of too many."""
    level: list[Any] = [value] if type(value) in _NESTING else []
    depth, count = 0, 1
    while level:
        count += sum(map(len, level))
        if depth > MAX_DEPTH:
            refuse(f"{name} is nested deeper than {MAX_DEPTH} levels")
        if count > MAX_VALUES:
            refuse(f"{name} holds more than {MAX_VALUES} values")
        level = [
            child
            for item in level
            for child in (item.values() if type(item) is _OBJECT else item)
            if type(child) in _NESTING
        ]
        depth += 1


def _decoded(text: str | bytes, name: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode(json.detect_encoding(text)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        refuse(f"{name} is not text: byte {error.start} cannot be read as {error.encoding}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key[:80]!r} stands twice in one object")
            seen.add(key)
    return found


def _children(
    item: dict[Any, Any] | list[Any], depth: int, lenient: bool, name: str
) -> Iterator[tuple[Any, int, bool]]:
    if isinstance(item, list):
        for child in item:
            yield child, depth, lenient
        return
    for key, child in item.items():
        if not isinstance(key, str):
            refuse(f"{name} has the key {key!r:.80}, which is not text")
        _check_scalar(key, lenient=lenient, name=name)
        yield child, depth, lenient or key == _MAY_BE_NAN


def _check_scalar(item: Any, *, lenient: bool, name: str) -> None:
    if isinstance(item, str):
        if not item.isascii() and any(_SURROGATES[0] <= mark <= _SURROGATES[1] for mark in item):
            refuse(f"{name} has text with half of a character in it: {item[:40]!r}")
    elif isinstance(item, float):
        if not lenient and not math.isfinite(item):
            refuse(f"{name} has the number {item}, which JSON does not know")
    elif item is not None and not isinstance(item, bool | int):
        refuse(f"{name} has a value of type {type(item).__name__}, which JSON does not know")
