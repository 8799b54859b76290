"""Which of many names is most like one that somebody has mistyped."""

from __future__ import annotations

import difflib
import heapq
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW = 64
"""So many names are compared letter by letter; that takes a tenth of a millisecond for each."""
_LIKELY = 12
"""Of more names so many are, those that share the most with the mistyped one."""
_LONGEST = 200
"""Letters of a name that count."""


def nearest(name: str, names: Iterable[str], *, cutoff: float) -> str | None:
    """Return the name most like another one, whatever the case; None where none is like it.

    Of thousands of names those with the most pairs of letters in common are compared.

    Args:
        name: The mistyped one.
        names: Those that there are.
        cutoff: 0 takes any name, 1 only the same one.
    """
    folded = _Folded.of(tuple(names))
    wanted = name.casefold()[:_LONGEST]
    near = difflib.get_close_matches(wanted, folded.like(wanted), n=1, cutoff=cutoff)
    return folded.written[near[0]] if near else None


class _Folded:
    """Names without their case, and the pairs of letters in each.

    Args:
        names: As they are written.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.written = {name.casefold()[:_LONGEST]: name for name in names}
        few = len(self.written) <= _FEW
        self._pairs = {} if few else {name: _pairs(name) for name in self.written}

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, names: tuple[str, ...]) -> _Folded:
        """Return what is known of names; the same ones are asked for again and again."""
        return cls(names)

    def like(self, wanted: str) -> list[str]:
        """Return the names that are worth a comparison letter by letter."""
        if not self._pairs:
            return list(self.written)
        own = _pairs(wanted)
        shares = {
            name: len(own & pairs) / (len(own) + len(pairs) + 1)
            for name, pairs in self._pairs.items()
        }
        return heapq.nlargest(_LIKELY, shares, key=shares.__getitem__)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text)))
