"""Sizes of a denoising network, read off the shapes of its tensors in the original layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass
class _Levels:
    levels: list[_Level] = field(default_factory=lambda: [_Level()])


def infer_unet(shapes: Shapes) -> dict[str, Any]:
    """Return the configuration of diffusers' `UNet2DConditionModel` that has these tensors.

    The number of attention heads leaves no trace in shapes: SD1.x has 8 everywhere, later
    families have heads of 64 channels, and those later families use linear projections.

    Args:
        shapes: By name in the original layout, without prefix.

    Raises:
        KeyError: Tensors that every such network has are missing.
    """
    levels = _levels(shapes)
    linear = _linear(shapes)
    widths = [level.channels for level in levels]
    attention = [level.depth > 0 for level in levels]
    config: dict[str, Any] = {
        "in_channels": shapes["input_blocks.0.0.weight"][1],
        "out_channels": shapes["out.2.weight"][0],
        "block_out_channels": widths,
        "layers_per_block": levels[0].layers,
        "down_block_types": [_kind("Down", has) for has in attention],
        "up_block_types": [_kind("Up", has) for has in reversed(attention)],
        "cross_attention_dim": context_width(shapes),
        "attention_head_dim": (
            [width // _HEAD_WIDTH for width in widths] if linear else _SD1_HEADS
        ),
        "use_linear_projection": linear,
        **_depths(levels, shapes),
        **_class_conditioning(shapes),
    }
    return config


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


def _depths(levels: list[_Level], shapes: Shapes) -> dict[str, Any]:
    """Describe transformer depths; a level without attention takes the number of its neighbour."""
    depths = [max(level.depth, 1) for level in levels]
    middle = _depth(shapes, "middle_block.1")
    found: dict[str, Any] = {}
    if set(depths) != {1}:
        found["transformer_layers_per_block"] = depths
    if middle == 0:
        found["mid_block_type"] = "UNetMidBlock2D"
    return found


def _class_conditioning(shapes: Shapes) -> dict[str, Any]:
    if "label_emb.0.0.weight" not in shapes:
        return {}
    width = shapes["label_emb.0.0.weight"][1]
    if context_width(shapes) in _SIZE_CONDITIONED:
        return {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": _TIME_WIDTH,
            "projection_class_embeddings_input_dim": width,
        }
    return {"class_embed_type": "projection", "projection_class_embeddings_input_dim": width}


_SIZE_CONDITIONED = frozenset({1280, 2048})
"""Widths of the conditioning of the SDXL refiner and of SDXL."""
