"""`!dream "a red apple" -n 4 -S 1`: the one-line way to ask for pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_PICTURES = 1000
_TOKEN = re.compile(
    r"""
      “(?P<curly>[^”]*)(?P<curly_end>”?)
    | "(?P<straight>(?:[^"\\]|\\.)*)(?P<straight_end>"?)
    | (?P<bare>\S+)
    """,
    re.VERBOSE,
)
_OPTION = re.compile(r"-(?P<name>[a-zA-Z]|-[a-zA-Z][\w-]*)(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class DreamLine:
    """What one line asks for; None leaves what the workflow says.

    Attributes:
        prompt: What the picture shows.
        negative: What it must not show.
        count: Number of pictures, at least 1.
        seed: Picture k (from 0) is made with `seed + k`; None draws one at random.
        steps: Sampling steps.
        cfg: Strength of the guidance.
        width: Pixels.
        height: Pixels.
        individual: One file for each picture in place of one grid.
    """

    prompt: str
    negative: str | None = None
    count: int = 1
    seed: int | None = None
    steps: int | None = None
    cfg: float | None = None
    width: int | None = None
    height: int | None = None
    individual: bool = False


def parse_dream_line(line: str) -> DreamLine:
    r"""Return what a line asks for.

    The prompt stands in straight or curly quotes, or bare up to the first option. `!dream` before
    it may be left out. An option's value may follow at once (`-n4`) or after a space.

    Args:
        line: `!dream "a red apple" -n 4 -s 20 -S 1 -C 4 -W 64 -H 64 -N "blurry" -i`; `-g` asks
            for the grid.

    Raises:
        InputError: No prompt, an unknown option, or a value that is not a number in range.
    """
    tokens = list(_tokens(line.strip().removeprefix("!dream").strip()))
    words: list[str] = []
    asked = DreamLine(prompt="")
    while tokens:
        text, quoted = tokens.pop(0)
        option = None if quoted else _OPTION.fullmatch(text)
        if option is None:
            words.append(text)
        else:
            asked = _with_option(asked, option["name"], option["value"], tokens)
    prompt = " ".join(words).strip()
    if not prompt:
        raise InputError("the line has no prompt", expected='!dream "a red apple" -n 4', got=line)
    return replace(asked, prompt=prompt)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a line, and whether each stood in quotes."""
    for match in _TOKEN.finditer(text):
        if match["bare"] is not None:
            yield match["bare"], False
            continue
        curly = match["curly"] is not None
        if not (match["curly_end"] if curly else match["straight_end"]):
            raise InputError("a quotation mark is never closed", got=text)
        yield (match["curly"] if curly else re.sub(r"\\(.)", r"\1", match["straight"])), True


def _with_option(
    asked: DreamLine, name: str, value: str, rest: list[tuple[str, bool]]
) -> DreamLine:
    if name in "ig" and not value:
        return replace(asked, individual=name == "i")
    if name not in _READERS:
        known = " ".join(f"-{known}" for known in (*_READERS, "i", "g"))
        raise InputError("unknown option", expected=f"one of {known}", got=f"-{name}{value}")
    if not value:
        if not rest:
            raise InputError(f"-{name} needs a value")
        value = rest.pop(0)[0]
    return replace(asked, **_READERS[name](value))


def _whole(field: str, lowest: int, highest: int) -> Callable[[str], Mapping[str, int]]:
    def read(text: str) -> Mapping[str, int]:
        if not re.fullmatch(r"\d{1,20}", text) or not lowest <= int(text) <= highest:
            expected = f"a whole number from {lowest} to {highest}"
            raise InputError(f"wrong {field}", input=field, expected=expected, got=text)
        return {field: int(text)}

    return read


def _cfg(text: str) -> Mapping[str, float]:
    if not re.fullmatch(r"\d{1,3}(\.\d*)?|\.\d+", text):
        raise InputError("wrong cfg", input="cfg", expected="a number from 0 to 999", got=text)
    return {"cfg": float(text)}


_READERS: Mapping[str, Callable[[str], Mapping[str, int | float | str]]] = {
    "n": _whole("count", 1, MAX_PICTURES),
    "s": _whole("steps", 1, 10_000),
    "S": _whole("seed", 0, 2**64 - 1),
    "C": _cfg,
    "W": _whole("width", 16, 16384),
    "H": _whole("height", 16, 16384),
    "N": lambda text: {"negative": text},
}
