"""CLIP's byte-pair encoding, of the full vocabulary or of a part of it, and chunks of 77 tokens."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from nodes.diffusion.text import weights
from nodes.diffusion.text.embedding_syntax import split_embeddings

if TYPE_CHECKING:
    from torch import Tensor

BYTE_TOKENS = 512
"""The first ids: each byte inside a word, then each byte at the end of a word."""
START, END = 49406, 49407
"""CLIP's ids of the begin and the end of a text."""
CHUNK = 77
"""Tokens per chunk: begin, up to 75 of text, end, padding."""
_LARGE_GROUP = 8
_WORDS_REMEMBERED = 65_536
_MERGES = Path(__file__).parent / "data" / "clip_merges.txt.gz"
_WORDS = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+",
    regex.IGNORECASE,
)
_SPECIAL = {"<|startoftext|>": START, "<|endoftext|>": END}
LoadEmbedding = Callable[[str], "Tensor | None"]
"""Gives the vectors [n, width] of a textual inversion by its name, or None."""


class Token(NamedTuple):
    """One place of a chunk.

    Attributes:
        value: Row of the embedding table, or a vector [width] of a textual inversion.
        weight: Strength in the conditioning.
        group: Which segment of the prompt it comes from, from 1; 0 for begin, end and padding.
    """

    value: int | Tensor
    weight: float = 1.0
    group: int = 0


Chunk = tuple[Token, ...]


class ClipTokenizer:
    """Text to rows of an embedding table. Safe to share between threads.

    A reduced vocabulary keeps the merges whose result it holds. As all byte tokens are always
    held, every text can be written with it, rare words in more pieces.

    Args:
        kept: CLIP's id of each row of the table; None for the full table of 49,408.
        pad: What fills a chunk: CLIP's id 49,407 for CLIP-L, 0 for the others.

    Raises:
        ValueError: A byte token, the begin or the end is missing, or an id is not one of CLIP's.
    """

    def __init__(self, kept: Sequence[int] | None = None, *, pad: int = END) -> None:
        self.kept = None if kept is None else tuple(kept)
        self._row = _rows(self.kept)
        self.start, self.end, self.pad = self._row[START], self._row[END], self._row[pad]
        self._clip_word = (
            _full_word if kept is None else lru_cache(_WORDS_REMEMBERED)(self._encode_word)
        )

    @property
    def size(self) -> int:
        """Rows of the embedding table."""
        return END + 1 if self.kept is None else len(self.kept)

    def encode(self, text: str) -> list[int]:
        """Return the rows of a text, without begin, end and padding."""
        return [
            self._row[token]
            for word in _WORDS.findall(_clean(text))
            for token in self._clip_word(word)
        ]

    def chunks(self, prompt: str, load: LoadEmbedding | None = None) -> list[Chunk]:
        """Return the chunks of 77 tokens of a prompt with its weights applied to the tokens.

        Args:
            prompt: With weights in parentheses and `embedding:name`.
            load: Where textual inversions come from; names it does not know are left out.
        """
        groups: list[list[Token]] = []
        for segment in weights.parse(prompt):
            for part in split_embeddings(segment.text, load or _no_embedding):
                values = self.encode(part) if isinstance(part, str) else list(part)
                number = len(groups) + 1
                groups.append([Token(value, segment.weight, number) for value in values])
        return self._fill(groups)

    def empty(self) -> Chunk:
        """Return the chunk of an empty prompt."""
        return self._closed([])

    def _fill(self, groups: Iterable[list[Token]]) -> list[Chunk]:
        """Put groups into chunks; only large ones are cut, small ones move on as a whole."""
        room = CHUNK - 2
        chunks: list[Chunk] = []
        current: list[Token] = []
        for group in groups:
            rest = group
            while len(current) + len(rest) > room:
                taken = room - len(current) if len(group) >= _LARGE_GROUP else 0
                chunks.append(self._closed([*current, *rest[:taken]]))
                current, rest = [], rest[taken:]
            current = [*current, *rest]
        return [*chunks, self._closed(current)]

    def _closed(self, tokens: list[Token]) -> Chunk:
        padding = [Token(self.pad)] * (CHUNK - 2 - len(tokens))
        return (Token(self.start), *tokens, Token(self.end), *padding)

    def _encode_word(self, word: str) -> tuple[int, ...]:
        return _encode_word(word, self._row)


def reduced_vocabulary(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the CLIP ids that some texts need, sorted: what a small text encoder keeps.

    All byte tokens, the begin and the end are always among them, and of each word every token
    that its merges pass through, so that it is still reached.
    """
    needed = {*range(BYTE_TOKENS), START, END}
    merged = _vocabulary().parents
    for word in {word for text in texts for word in _WORDS.findall(_clean(text))}:
        pending = list(_full_word(word))
        while pending:
            token = pending.pop()
            needed.add(token)
            pending.extend(merged.get(token, ()))
    return tuple(sorted(needed))


class _Vocabulary(NamedTuple):
    byte_ids: tuple[int, ...]
    merges: dict[tuple[int, int], int]
    parents: dict[int, tuple[int, int]]


@cache
def _vocabulary() -> _Vocabulary:
    """Number CLIP's tokens: bytes in the order of GPT-2's printable alphabet, then the merges."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    order = [*printable, *others]
    letters = [chr(byte) for byte in printable] + [chr(256 + n) for n in range(len(others))]
    ids = {letter: number for number, letter in enumerate(letters)}
    ids |= {f"{letter}</w>": 256 + number for number, letter in enumerate(letters)}
    merges: dict[tuple[int, int], int] = {}
    parents: dict[int, tuple[int, int]] = {}
    lines = gzip.decompress(_MERGES.read_bytes()).decode().splitlines()
    for number, line in enumerate(lines, BYTE_TOKENS):
        left, right = line.split(" ")
        pair = ids[left], ids[right]
        merges[pair] = number
        parents[number] = pair
        ids[left + right] = number
    byte_ids = [0] * 256
    for number, byte in enumerate(order):
        byte_ids[byte] = number
    return _Vocabulary(tuple(byte_ids), merges, parents)


def _rows(kept: tuple[int, ...] | None) -> range | dict[int, int]:
    if kept is None:
        return range(END + 1)
    rows = {token: row for row, token in enumerate(kept)}
    missing = {*range(BYTE_TOKENS), START, END} - rows.keys()
    if missing or len(rows) != len(kept) or min(rows) < 0 or max(rows) > END:
        raise ValueError(
            "a reduced vocabulary lists different CLIP ids, all 512 byte tokens, begin and end"
        )
    return rows


@lru_cache(_WORDS_REMEMBERED)
def _full_word(word: str) -> tuple[int, ...]:
    return _encode_word(word, range(END + 1))


def _encode_word(word: str, kept: range | dict[int, int]) -> tuple[int, ...]:
    """Merge the bytes of a word, the earliest learned pair first."""
    if word in _SPECIAL:
        return (_SPECIAL[word],)
    vocabulary = _vocabulary()
    tokens = [vocabulary.byte_ids[byte] for byte in word.encode()]
    tokens[-1] += 256
    never = END + 1
    while len(tokens) > 1:
        results = [vocabulary.merges.get(pair, never) for pair in pairwise(tokens)]
        best = min((result for result in results if result in kept), default=never)
        if best == never:
            break
        tokens = _merged(tokens, results, best)
    return tuple(tokens)


def _merged(tokens: list[int], results: list[int], best: int) -> list[int]:
    merged: list[int] = []
    place = 0
    while place < len(tokens):
        if place < len(results) and results[place] == best:
            merged.append(best)
            place += 2
        else:
            merged.append(tokens[place])
            place += 1
    return merged


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _no_embedding(name: str) -> None:  # noqa: ARG001 - the shape of `LoadEmbedding`
    return None
