"""Sizes of an autoencoder, read off the shapes of its tensors in the original layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]


_LEVELS = ("encoder.down.{}.block.{}", "encoder.down_blocks.{}.resnets.{}")
_ATTENTION = ("encoder.mid.attn_1.q.weight", "encoder.mid_block.attentions.0.to_q.weight")


def infer_vae(shapes: Shapes) -> dict[str, Any]:
    """Return the configuration of diffusers' `AutoencoderKL` that has these tensors.

    Args:
        shapes: By name in the original layout or in diffusers', without prefix.

    Raises:
        KeyError: Tensors that every such autoencoder has are missing.
    """
    place = next(name for name in _LEVELS if f"{name.format(0, 0)}.conv2.weight" in shapes)
    widths: list[int] = []
    while (key := f"{place.format(len(widths), 0)}.conv2.weight") in shapes:
        widths.append(shapes[key][0])
    layers = 0
    while f"{place.format(0, layers)}.conv1.weight" in shapes:
        layers += 1
    return {
        "in_channels": shapes["encoder.conv_in.weight"][1],
        "out_channels": shapes["decoder.conv_out.weight"][0],
        "block_out_channels": widths,
        "down_block_types": ["DownEncoderBlock2D"] * len(widths),
        "up_block_types": ["UpDecoderBlock2D"] * len(widths),
        "layers_per_block": layers,
        "latent_channels": shapes["decoder.conv_in.weight"][1],
        "use_quant_conv": "quant_conv.weight" in shapes,
        "use_post_quant_conv": "post_quant_conv.weight" in shapes,
        "mid_block_add_attention": any(key in shapes for key in _ATTENTION),
    }
