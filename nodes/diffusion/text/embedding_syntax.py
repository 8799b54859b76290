"""`embedding:name` inside a prompt: where it is one, and what is left of the text around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.text.tokenizer import LoadEmbedding

_MARK = "embedding:"
_PLACES = regex.compile(r"[ \n]embedding:")


def embedding_names(prompt: str) -> list[str]:
    """Return the names that a prompt may load, in order, both as written and without commas.

    The prompt is read without its weights, so closing parentheses and numbers are cut off too.
    """
    names: list[str] = []
    for part in regex.split(r"(?:^|[\s(])embedding:", prompt)[1:]:
        word = regex.split(r"[\s():]", part, maxsplit=1)[0]
        names.extend(dict.fromkeys((word, word.strip(","))))
    return [name for name in names if name]


def split_embeddings(text: str, load: LoadEmbedding) -> Iterator[str | Tensor]:
    """Yield the stretches of a segment: plain text, or the vectors [n, width] of an embedding.

    The mark counts at the start and after one space or line break. The name is the first word;
    where it is unknown, its commas at both ends are taken off, and if it still is, the word is
    dropped.
    """
    if text.startswith(_MARK):
        text = f" {text}"
    plain, *bodies = _PLACES.split(text)
    if plain:
        yield plain
    for body in bodies:
        yield from _loaded(body.split(), load)


def _loaded(words: list[str], load: LoadEmbedding) -> Iterator[str | Tensor]:
    if not words:
        return
    name, rest = words[0], " ".join(words[1:])
    bare = name.strip(",")
    vectors = load(name)
    if vectors is None and bare and bare != name:
        vectors = load(bare)
        rest = f"{name[len(bare) :]} {rest}"
    if vectors is not None:
        yield vectors
    if rest:
        yield rest
