"""Textual inversion files of every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from nodes.diffusion.checkpoints import save_tensors
from nodes.diffusion.errors import WeightsFormatError
from nodes.diffusion.text.embedding_files import read_embedding

if TYPE_CHECKING:
    from pathlib import Path

TWO, OTHER = torch.ones(2, 4), torch.zeros(3, 6)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"string_to_param": {"*": TWO}, "name": "cat", "string_to_token": {"*": 265}}, TWO),
        ([{"a": TWO}, {"b": OTHER}, {"c": TWO}], torch.cat([TWO, TWO])),
        ({"clip_l": TWO, "clip_g": OTHER}, TWO),
        ({"emb_params": TWO}, TWO),
        ({"<token>": TWO[0]}, TWO[:1]),
    ],
)
def test_pickled_files_of_tensors_are_read(tmp_path: Path, content: Any, expected: Any) -> None:
    path = tmp_path / "cat.pt"
    torch.save(content, path)
    assert torch.equal(read_embedding(path, "l", 4), expected)


def test_safetensors_files_give_each_encoder_its_own_vectors(tmp_path: Path) -> None:
    path = tmp_path / "cat.safetensors"
    save_tensors(path, {"clip_l": TWO, "clip_g": OTHER}, {})
    assert torch.equal(read_embedding(path, "g", 6), OTHER)


def test_embeddings_bundled_into_a_lora_are_found(tmp_path: Path) -> None:
    path = tmp_path / "cat.safetensors"
    save_tensors(path, {"bundle_emb.cat.string_to_param.*": TWO}, {})
    assert torch.equal(read_embedding(path, "l", 4), TWO)


def test_a_file_without_vectors_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cat.safetensors"
    save_tensors(path, {"scalar": torch.tensor(1.0)}, {})
    with pytest.raises(WeightsFormatError, match=r"cat\.safetensors holds no vectors"):
        read_embedding(path, "l", 4)
