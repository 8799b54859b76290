"""LoRA (Hu et al. 2021): peft's modules in the networks, kohya's names in the file."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from nodes.diffusion.checkpoints.keys_unet import unet_places
from nodes.diffusion.datasets.random import rng
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import LORA_TARGETS, LoraPlan

_TEXT_TARGET = r".*\b(self_attn\.([qkv]|out)_proj|mlp\.fc[12])"
_ADAPTER = "default"


def check_lora(plan: LoraPlan) -> None:
    """Refuse a plan that cannot be followed.

    Raises:
        TrainingError: Its targets are unknown or its numbers out of range.
    """
    if plan.targets not in LORA_TARGETS or plan.rank < 1 or plan.alpha <= 0:
        raise TrainingError(
            "no such LoRA",
            expected=f"targets {', '.join(LORA_TARGETS)}; rank and alpha above 0",
            got=f"{plan.targets}, rank {plan.rank}, alpha {plan.alpha}",
        )


def sharing_copy(network: nn.Module) -> nn.Module:
    """Return a network of its own modules over the same tensors, so that layers can be replaced."""
    tensors = [*network.parameters(), *network.buffers()]
    return copy.deepcopy(network, {id(tensor): tensor for tensor in tensors})


def inject(network: nn.Module, plan: LoraPlan, *, seed: int, kind: str) -> dict[str, nn.Parameter]:
    """Put a LoRA into a network; at first it changes nothing.

    Args:
        network: Changed: the targeted layers are wrapped.
        plan: The shape.
        seed: Of the first matrices' random values.
        kind: `unet` or `text.<name>`: the names of the parameters begin with it.

    Returns:
        The new parameters, float32, by `<kind>.<layer>.lora_A.weight` and `...lora_B.weight`.

    Raises:
        TrainingError: The network has no such layer.
    """
    check_lora(plan)
    layers = _targeted(network, LORA_TARGETS[plan.targets] if kind == "unet" else _TEXT_TARGET)
    if not layers:
        raise TrainingError("the network has no layer that the LoRA fits", got=plan.targets)
    config = LoraConfig(
        r=plan.rank,
        lora_alpha=plan.alpha,  # pyright: ignore[reportArgumentType] - any number works
        target_modules=layers,
        lora_dropout=plan.dropout,
    )
    inject_adapter_in_model(config, network)
    trainable: dict[str, nn.Parameter] = {}
    for name, layer in lora_layers(network).items():
        down, up = layer.lora_A[_ADAPTER], layer.lora_B[_ADAPTER]
        down.float()
        up.float()
        generator = rng("lora", seed, kind, name)
        start = torch.empty(down.weight.shape)
        nn.init.kaiming_uniform_(start, a=math.sqrt(5), generator=generator)
        with torch.no_grad():
            down.weight.copy_(start)
        trainable[f"{kind}.{name}.lora_A.weight"] = down.weight
        trainable[f"{kind}.{name}.lora_B.weight"] = up.weight
    return trainable


def lora_layers(network: nn.Module) -> dict[str, Any]:
    """Return the layers of a network that have a LoRA, by the names they had before."""
    return {name: layer for name, layer in network.named_modules() if isinstance(layer, LoraLayer)}


def kohya_state(
    networks: Mapping[str, nn.Module], plan: LoraPlan, *, original_names: bool = False
) -> dict[str, Tensor]:
    """Return a LoRA under the names of kohya's files: `lora_unet_<layer>.lora_down.weight`, ...

    Args:
        networks: `unet` and `text.<name>`, with their LoRA.
        plan: Its shape; `alpha` goes into the file for every layer.
        original_names: Name the denoising network's layers as the original checkpoints do, which
            is the custom for SDXL; otherwise as diffusers does.
    """
    state: dict[str, Tensor] = {}
    several = sum(kind != "unet" for kind in networks) > 1
    for kind, network in networks.items():
        prefix = _prefix(kind, several=several)
        original = _original_names(network) if original_names and kind == "unet" else {}
        for name, layer in lora_layers(network).items():
            path = original.get(name, name)
            if kind != "unet" and not path.startswith("text_model."):
                path = f"text_model.{path}"
            place = f"{prefix}_{path.replace('.', '_')}"
            state[f"{place}.lora_down.weight"] = layer.lora_A[_ADAPTER].weight.detach()
            state[f"{place}.lora_up.weight"] = layer.lora_B[_ADAPTER].weight.detach()
            state[f"{place}.alpha"] = torch.tensor(float(plan.alpha))
    return state


def kohya_metadata(plan: LoraPlan, facts: Mapping[str, object]) -> dict[str, str]:
    """Return the texts that kohya's tools read from a LoRA's header.

    There is no time in them: the same run gives the same file.

    Args:
        plan: The LoRA's shape.
        facts: Further values by name, without `ss_`; those that are no text are written as JSON.
    """
    module = {
        "ss_v2": "False",
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(plan.rank),
        "ss_network_alpha": str(plan.alpha),
        "ss_network_args": json.dumps({"targets": plan.targets}),
        "ss_network_dropout": str(plan.dropout),
    }
    told = {
        f"ss_{name}": value if isinstance(value, str) else json.dumps(value)
        for name, value in facts.items()
    }
    return {**module, **told}


def _targeted(network: nn.Module, pattern: str) -> list[str]:
    expression = re.compile(pattern)
    return [
        name
        for name, module in network.named_modules()
        if expression.fullmatch(name) and isinstance(module, nn.Linear | nn.Conv2d)
    ]


def _prefix(kind: str, *, several: bool) -> str:
    if kind == "unet":
        return "lora_unet"
    if not several:
        return "lora_te"
    return "lora_te1" if kind == "text.l" else "lora_te2"


def _original_names(unet: Any) -> dict[str, str]:
    """Return the original name of each layer of a denoising network, by diffusers' name."""
    bare = {
        name.replace(".base_layer.", "."): tensor
        for name, tensor in unet.state_dict().items()
        if ".lora_" not in name
    }
    return {
        name.removesuffix(".weight"): place.key.removesuffix(".weight")
        for name, place in unet_places(bare, unet.config).items()
        if name.endswith(".weight")
    }
