"""What the editor does to texts before it queues them: choices, comments, dates, references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime
    import random
    from collections.abc import Callable

_COMMENT = re.compile(r"/\*|//[^\n\r]*")
_LINE_COMMENT = re.compile(r"//[^\n\r]*")
_REFERENCE = re.compile(r"%([^%]+)%")
_DATE_PART = re.compile(r"yyyy|yy|dd?|MM?|hh?|mm?|ss?")
_NO_FILE_NAME = re.compile(r'[/?<>\\:*|"\x00-\x1f\x7f]')
_MOST_NESTED = 64


def choose(text: str, random_: random.Random) -> str:
    r"""Return a dynamic prompt with its comments removed and each `{a|b}` replaced by one of both.

    Choices nest; `\{`, `\}` and `\|` are the plain characters. Braces that nobody closes stay.

    Args:
        text: The prompt.
        random_: Makes the choices.
    """
    # Each open brace keeps the alternatives that are finished, in pieces; the last one grows.
    open_: list[list[list[str]]] = [[[]]]
    characters = iter(_without_comments(text))
    for mark in characters:
        grows = open_[-1][-1]
        if mark == "\\":
            following = next(characters, "")
            grows.append(following if following in {"{", "}", "|"} else mark + following)
        elif mark == "{" and len(open_) < _MOST_NESTED:
            open_.append([[]])
        elif mark == "|" and len(open_) > 1:
            open_[-1].append([])
        elif mark == "}" and len(open_) > 1:
            chosen = random_.choice(open_.pop())
            open_[-1][-1].append("".join(chosen))
        else:
            grows.append(mark)
    while len(open_) > 1:
        unclosed = "|".join(map("".join, open_.pop()))
        open_[-1][-1].append("{" + unclosed)
    return "".join(open_[0][0])


def fill_in(
    text: str, now: datetime.datetime, widget: Callable[[str, str], Any]
) -> tuple[str, list[str]]:
    """Return a text with `%date:yyyy-MM-dd%` and `%Node.widget%` filled in.

    Args:
        text: A file name prefix.
        now: The time for dates.
        widget: Gives the value of a widget, by the node's name or title and the widget's name;
            raises LookupError where there is none.

    Returns:
        The text, and the references that nothing was found for; they stay in the text. What the
        server fills in (`%width%`) stays too and is not told.
    """
    unknown: list[str] = []

    def filled(match: re.Match[str]) -> str:
        inner = match.group(1)
        if inner.startswith("date:"):
            return _date(inner.removeprefix("date:"), now)
        node, dot, name = inner.partition(".")
        if not dot or "." in name:
            return match.group()
        try:
            return _NO_FILE_NAME.sub("_", _written(widget(node, name)))
        except LookupError:
            unknown.append(match.group())
            return match.group()

    return _REFERENCE.sub(filled, text), unknown


def _without_comments(text: str) -> str:
    """Return a text without what stands behind `//` and between `/*` and `*/`."""
    parts: list[str] = []
    kept = at = 0
    while found := _COMMENT.search(text, at):
        end = found.end()
        if found.group() == "/*":
            close = text.find("*/", end)
            if close < 0:  # nobody closes it, nor any that comes later
                return "".join([*parts, _LINE_COMMENT.sub("", text[kept:])])
            end = close + 2
        parts.append(text[kept : found.start()])
        kept = at = end
    return "".join([*parts, text[kept:]])


def _date(pattern: str, now: datetime.datetime) -> str:
    parts = {
        "d": now.day,
        "M": now.month,
        "h": now.hour,
        "m": now.minute,
        "s": now.second,
    }

    def part(match: re.Match[str]) -> str:
        wanted = match.group()
        if wanted.startswith("y"):
            return str(now.year)[-len(wanted) :]
        return str(parts[wanted[0]]).zfill(len(wanted))

    return _DATE_PART.sub(part, pattern)


def _written(value: Any) -> str:
    # As JavaScript writes values into text.
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
