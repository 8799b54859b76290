"""Names of an autoencoder's tensors: diffusers' and those of the original (LDM) layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nodes.diffusion.checkpoints.stored import Stored

PREFIX = "first_stage_model."
"""What stands before the autoencoder's names in a full checkpoint."""

_ATTENTION = {
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
_HALVES = ("encoder", "decoder")


def vae_places(names: Iterable[str], config: Mapping[str, Any]) -> dict[str, Stored]:
    """Return where the tensors of an autoencoder are in the original layout, without the prefix.

    Args:
        names: The autoencoder's state dict.
        config: Of diffusers' `AutoencoderKL`.
    """
    modules = dict(_modules(config))
    return {name: _place(name, modules) for name in names}


def _modules(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    levels = len(config["block_out_channels"])
    layers = config["layers_per_block"]
    for level in range(levels):
        for layer in range(layers + 1):
            yield (
                f"encoder.down_blocks.{level}.resnets.{layer}",
                f"encoder.down.{level}.block.{layer}",
            )
            yield (
                f"decoder.up_blocks.{level}.resnets.{layer}",
                f"decoder.up.{levels - 1 - level}.block.{layer}",
            )
        yield (
            f"encoder.down_blocks.{level}.downsamplers.0.conv",
            f"encoder.down.{level}.downsample.conv",
        )
        yield (
            f"decoder.up_blocks.{level}.upsamplers.0.conv",
            f"decoder.up.{levels - 1 - level}.upsample.conv",
        )
    for half in _HALVES:
        yield f"{half}.mid_block.resnets.0", f"{half}.mid.block_1"
        yield f"{half}.mid_block.resnets.1", f"{half}.mid.block_2"
        yield f"{half}.conv_norm_out", f"{half}.norm_out"
        for theirs, ours in _ATTENTION.items():
            yield f"{half}.mid_block.attentions.0.{theirs}", f"{half}.mid.attn_1.{ours}"


def _place(name: str, modules: Mapping[str, str]) -> Stored:
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:cut])
        if module in modules:
            rest = ".".join(parts[cut:]).replace("conv_shortcut", "nin_shortcut")
            matrix = ".attentions." in module and "norm" not in module and rest == "weight"
            return Stored(key=f"{modules[module]}.{rest}", pointwise=matrix)
    return Stored(key=name)
