"""Sizes of an autoencoder, read off the shapes of its tensors in the original layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]


def infer_vae(shapes: Shapes) -> dict[str, Any]:
    """Return the configuration of diffusers' `AutoencoderKL` that has these tensors.

    Args:
        shapes: By name in the original layout, without prefix.

    Raises:
        KeyError: Tensors that every such autoencoder has are missing.
    """
    widths: list[int] = []
    while (place := f"encoder.down.{len(widths)}.block.0.conv2.weight") in shapes:
        widths.append(shapes[place][0])
    if not widths:
        raise KeyError("encoder.down.0.block.0.conv2.weight")
    layers = 0
    while f"encoder.down.0.block.{layers}.conv1.weight" in shapes:
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
        "mid_block_add_attention": "encoder.mid.attn_1.q.weight" in shapes,
    }
