"""CLIP's tokens, whole and reduced."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nodes.diffusion.text import ClipTokenizer, reduced_vocabulary
from nodes.diffusion.text.tokenizer import BYTE_TOKENS, CHUNK, END, START

EMBEDDINGS = {
    "tokenize_clip_l": {
        "my-emb": torch.arange(2 * 768).reshape(2, 768) / 1000,
        "xl": torch.full((3, 768), 1.0),
        "a1111.pt": torch.full((1, 768), 3.0),
    },
    "tokenize_clip_g": {
        "my-emb": torch.arange(2 * 768).reshape(2, 768) / 1000,
        "xl": torch.full((3, 1280), 2.0),
        "a1111.pt": torch.full((1, 768), 3.0),
    },
}


def written(value: Any) -> int | str:
    return value if isinstance(value, int) else f"emb({len(value)},):{float(value[0]):.3f}"


@pytest.mark.parametrize(("encoder", "pad"), [("tokenize_clip_l", END), ("tokenize_clip_g", 0)])
def test_prompts_become_the_recorded_chunks(
    recorded: dict[str, Any], encoder: str, pad: int
) -> None:
    tokenizer = ClipTokenizer(pad=pad)
    for prompt, chunks in recorded[encoder].items():
        got = tokenizer.chunks(prompt, EMBEDDINGS[encoder].get)
        assert [
            [[written(token.value), token.weight, token.group] for token in chunk] for chunk in got
        ] == [chunk["head"] + [chunk["tail"]] * chunk["tail_count"] for chunk in chunks], prompt


def test_a_reduced_vocabulary_gives_the_same_tokens_for_the_texts_it_was_made_of() -> None:
    texts = ["a red apple", "Grinning face with big eyes", "it's 42 % ☕"]
    whole, reduced = ClipTokenizer(), ClipTokenizer(reduced_vocabulary(texts))
    assert reduced.kept is not None
    for text in texts:
        assert [reduced.kept[row] for row in reduced.encode(text)] == whole.encode(text)


@given(st.text(max_size=40))
def test_any_text_can_be_written_with_any_reduced_vocabulary(text: str) -> None:
    smallest = ClipTokenizer(reduced_vocabulary([]))
    rows = smallest.encode(text)
    assert all(0 <= row < smallest.size for row in rows)
    assert bool(rows) == bool(ClipTokenizer().encode(text))


def test_the_smallest_vocabulary_is_bytes_begin_and_end() -> None:
    assert reduced_vocabulary([]) == (*range(BYTE_TOKENS), START, END)


@pytest.mark.parametrize("kept", [(), (0, 1, 2), (*range(1, BYTE_TOKENS), START, END)])
def test_a_vocabulary_without_all_bytes_is_refused(kept: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="byte tokens"):
        ClipTokenizer(kept)


def test_a_prompt_of_a_hundred_thousand_letters_is_cut_into_chunks() -> None:
    chunks = ClipTokenizer().chunks("a" * 100_000)
    assert {len(chunk) for chunk in chunks} == {CHUNK}
