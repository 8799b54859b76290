"""Textual inversions in prompts."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from nodes.diffusion.text.embedding_syntax import embedding_names, split_embeddings

KNOWN = {"cat": torch.zeros(2, 4)}


def split(text: str) -> list[str]:
    return [
        part if isinstance(part, str) else "<vectors>" for part in split_embeddings(text, KNOWN.get)
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("embedding:cat", ["<vectors>"]),
        ("a embedding:cat b", ["a", "<vectors>", "b"]),
        ("a embedding:cat, b", ["a", "<vectors>", ", b"]),
        ("embedding:dog b", ["b"]),
        ("x,embedding:cat", ["x,embedding:cat"]),
        ("embedding: cat", ["<vectors>"]),
        ("embedding:", []),
        ("a\nembedding:cat", ["a", "<vectors>"]),
    ],
)
def test_a_segment_is_split_around_its_embeddings(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_the_names_that_a_prompt_may_load_are_found_without_reading_its_weights() -> None:
    assert embedding_names("a (embedding:cat:1.2), embedding:dog, x") == ["cat", "dog,", "dog"]
    assert embedding_names("nothing,embedding:cat") == []


def test_telling_which_files_a_prompt_names_loads_no_torch() -> None:
    code = "import nodes.diffusion.text.embedding_syntax, sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
