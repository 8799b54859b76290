"""Sizes of a denoising network, read off the shapes of its tensors in the original layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]
_HEAD_WIDTH = 64
"""Channels per attention head of every family after SD1.x."""
_SD1_HEADS = 8
_TIME_WIDTH = 256
_FIRST_ATTENTION = re.compile(r"transformer_blocks\.0\.attn2\.to_k\.weight$")


@dataclass
class _Level:
    channels: int = 0
    layers: int = 0
    depth: int = 0


@dataclass(frozen=True)
class _Names:
    """What the layouts call the tensors that tell a network's size."""

    conv_in: str
    conv_out: str
    middle: str
    classes: str
    sizes: str


_ORIGINAL = _Names(
    "input_blocks.0.0.weight",
    "out.2.weight",
    "middle_block.1",
    "label_emb.0.0.weight",
    "label_emb.0.0.weight",
)
_DIFFUSERS = _Names(
    "conv_in.weight",
    "conv_out.weight",
    "mid_block.attentions.0",
    "class_embedding.linear_1.weight",
    "add_embedding.linear_1.weight",
)


def infer_unet(shapes: Shapes) -> dict[str, Any]:
    """Return the configuration of diffusers' `UNet2DConditionModel` that has these tensors.

    The number of attention heads leaves no trace in shapes: SD1.x has 8 everywhere, later
    families have heads of 64 channels, and those later families use linear projections.

    Args:
        shapes: By name in the original layout or in diffusers', without prefix.

    Raises:
        KeyError: Tensors that every such network has are missing.
    """
    original = _ORIGINAL.conv_in in shapes
    names = _ORIGINAL if original else _DIFFUSERS
    levels = _levels(shapes) if original else _diffusers_levels(shapes)
    linear = _linear(shapes)
    widths = [level.channels for level in levels]
    attention = [level.depth > 0 for level in levels]
    return {
        "in_channels": shapes[names.conv_in][1],
        "out_channels": shapes[names.conv_out][0],
        "block_out_channels": widths,
        "layers_per_block": levels[0].layers,
        "down_block_types": [_kind("Down", has) for has in attention],
        "up_block_types": [_kind("Up", has) for has in reversed(attention)],
        "cross_attention_dim": context_width(shapes),
        "attention_head_dim": (
            [width // _HEAD_WIDTH for width in widths] if linear else _SD1_HEADS
        ),
        "use_linear_projection": linear,
        **_depths(levels, _depth(shapes, names.middle)),
        **_class_conditioning(shapes, names),
    }


def context_width(shapes: Shapes) -> int:
    """Return the width of the conditioning that a network takes.

    Raises:
        KeyError: It has no cross-attention.
    """
    for name in sorted(shapes):
        if _FIRST_ATTENTION.search(name):
            return shapes[name][1]
    raise KeyError("a cross-attention layer")


def _levels(shapes: Shapes) -> list[_Level]:
    levels = [_Level()]
    number = 1
    while any(f"input_blocks.{number}.0.{part}" in shapes for part in _BLOCK_MARKS):
        place = f"input_blocks.{number}"
        if f"{place}.0.op.weight" in shapes:
            levels.append(_Level())
        else:
            level = levels[-1]
            level.channels = shapes[f"{place}.0.out_layers.3.weight"][0]
            level.layers += 1
            level.depth = _depth(shapes, f"{place}.1")
        number += 1
    return levels


_BLOCK_MARKS = ("op.weight", "in_layers.2.weight")


def _diffusers_levels(shapes: Shapes) -> list[_Level]:
    levels: list[_Level] = []
    while f"down_blocks.{len(levels)}.resnets.0.conv2.weight" in shapes:
        block = f"down_blocks.{len(levels)}"
        level = _Level(channels=shapes[f"{block}.resnets.0.conv2.weight"][0])
        while f"{block}.resnets.{level.layers}.conv2.weight" in shapes:
            level.layers += 1
        level.depth = _depth(shapes, f"{block}.attentions.0")
        levels.append(level)
    return levels


def _depth(shapes: Shapes, place: str) -> int:
    depth = 0
    while f"{place}.transformer_blocks.{depth}.attn1.to_q.weight" in shapes:
        depth += 1
    return depth


def _linear(shapes: Shapes) -> bool:
    projections = [shapes[name] for name in shapes if name.endswith(".proj_in.weight")]
    return bool(projections) and len(projections[0]) == 2  # noqa: PLR2004 - a matrix


def _kind(direction: str, attention: bool) -> str:
    return f"{'CrossAttn' if attention else ''}{direction}Block2D"


def _depths(levels: list[_Level], middle: int) -> dict[str, Any]:
    """Describe transformer depths; a level without attention counts as one of depth 1."""
    depths = [max(level.depth, 1) for level in levels]
    found: dict[str, Any] = {}
    if set(depths) != {1}:
        found["transformer_layers_per_block"] = depths
    if middle == 0:
        found["mid_block_type"] = "UNetMidBlock2D"
    return found


def _class_conditioning(shapes: Shapes, names: _Names) -> dict[str, Any]:
    if context_width(shapes) in _SIZE_CONDITIONED and names.sizes in shapes:
        return {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": _TIME_WIDTH,
            "projection_class_embeddings_input_dim": shapes[names.sizes][1],
        }
    if names.classes in shapes:
        return {
            "class_embed_type": "projection",
            "projection_class_embeddings_input_dim": shapes[names.classes][1],
        }
    return {}


_SIZE_CONDITIONED = frozenset({1280, 2048})
"""Widths of the conditioning of the SDXL refiner and of SDXL."""
