from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from engine import InputError
from nodes.diffusion.checkpoints import create, presets, save_checkpoint
from nodes.loaders import Checkpoint, load_clip
from nodes.text import encode_text
from nodes.text_sdxl import encode_text_refiner, encode_text_sdxl

if TYPE_CHECKING:
    from pathlib import Path

    from engine import Context


def test_each_encoder_of_a_large_model_has_its_prompt_and_sizes_go_along(
    loaded: Checkpoint, models: Path, context: Context
) -> None:
    made = create(presets.tiny_sdxl(), seed=3)
    save_checkpoint(models / "text_encoders" / "pair.safetensors", text_encoders=made.text_encoders)
    clip = load_clip(clip_name="pair.safetensors", type="stable_diffusion", context=context)

    def encoded(text_g: str, text_l: str) -> Any:
        return encode_text_sdxl(
            clip=clip, width=640, target_height=512, text_g=text_g, text_l=text_l, context=context
        )[0]

    both, settings = encoded("apple", "apple")
    [[alone, _]] = encode_text(text="apple", clip=clip, context=context)
    assert torch.equal(both, alone)
    assert (settings["width"], settings["crop_w"], settings["target_height"]) == (640, 0, 512)
    width = made.text_encoders["l"].model.config.hidden_size
    other, _ = encoded("apple", "cat")
    assert torch.equal(other[..., width:], both[..., width:])
    assert not torch.equal(other[..., :width], both[..., :width])
    longer, _ = encoded("apple " * 100, "apple")
    assert longer.shape[1] > both.shape[1]
    [[nothing, _]] = encode_text(text="", clip=clip, context=context)
    assert torch.allclose(longer[:, -77:, :width], nothing[..., :width], atol=1e-6)
    with pytest.raises(InputError, match="two text encoders"):
        encode_text_sdxl(clip=loaded.clip, text_g="x", text_l="x", context=context)


def test_the_refiner_is_told_how_beautiful_the_picture_is_to_be(
    loaded: Checkpoint, context: Context
) -> None:
    [[encoded, settings]] = encode_text_refiner(
        ascore=7.5, width=64, text="apple", clip=loaded.clip, context=context
    )
    assert torch.equal(encoded, encode_text(text="apple", clip=loaded.clip, context=context)[0][0])
    assert (settings["aesthetic_score"], settings["width"], settings["height"]) == (7.5, 64, 1024)
