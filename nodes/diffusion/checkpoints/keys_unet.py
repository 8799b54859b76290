"""Names of a denoising network's tensors: diffusers' and those of the original (LDM) layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nodes.diffusion.checkpoints.stored import Stored

PREFIX = "model.diffusion_model."
"""What stands before the network's names in a full checkpoint."""

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_TOP = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "class_embedding.linear_1": "label_emb.0.0",
    "class_embedding.linear_2": "label_emb.0.2",
    "class_embedding": "label_emb",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}


def unet_places(names: Iterable[str], config: Mapping[str, Any]) -> dict[str, Stored]:
    """Return where the tensors of a network are in the original layout, without the prefix.

    A name that the original layout has no word for keeps its own.

    Args:
        names: The network's state dict.
        config: Of diffusers' `UNet2DConditionModel`.
    """
    modules = {**_TOP, **dict(_blocks(config))}
    return {name: Stored(key=_renamed(name, modules)) for name in names}


def _blocks(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    downs, ups = config["down_block_types"], config["up_block_types"]
    layers = layers_of(config)
    number = 1
    for level, kind in enumerate(downs):
        for layer in range(layers[level]):
            yield f"down_blocks.{level}.resnets.{layer}", f"input_blocks.{number}.0"
            if has_attention(kind):
                yield f"down_blocks.{level}.attentions.{layer}", f"input_blocks.{number}.1"
            number += 1
        yield f"down_blocks.{level}.downsamplers.0.conv", f"input_blocks.{number}.0.op"
        number += 1
    number = 0
    for level, kind in enumerate(ups):
        attention = has_attention(kind)
        for layer in range(layers[-1 - level] + 1):
            yield f"up_blocks.{level}.resnets.{layer}", f"output_blocks.{number}.0"
            if attention:
                yield f"up_blocks.{level}.attentions.{layer}", f"output_blocks.{number}.1"
            number += 1
        place = f"output_blocks.{number - 1}.{1 + attention}.conv"
        yield f"up_blocks.{level}.upsamplers.0.conv", place


def has_attention(kind: str) -> bool:
    """Tell whether a kind of block has attention layers."""
    return "Attn" in kind


def layers_of(config: Mapping[str, Any]) -> list[int]:
    """Return the number of residual layers of each level, down path."""
    layers = config["layers_per_block"]
    levels = len(config["down_block_types"])
    return [layers] * levels if isinstance(layers, int) else list(layers)


def _renamed(name: str, modules: Mapping[str, str]) -> str:
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        module, rest = ".".join(parts[:cut]), parts[cut:]
        if module in modules:
            if ".resnets." in module:
                rest[0] = _RESNET.get(rest[0], rest[0])
            return ".".join((modules[module], *rest))
    return name
