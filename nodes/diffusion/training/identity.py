"""What makes two runs the same run: where they start, what they see, how they are steered."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import nn

    from nodes.diffusion.training.method import Method
    from nodes.diffusion.training.plans import RunPlan

_CADENCE = frozenset({"steps", "checkpoints"})


def identity(method: Method, plan: RunPlan) -> dict[str, Any]:
    """Return all that decides the weights after a given step, as JSON values.

    How long the run goes, when it is stored and what is previewed do not belong to it: a longer
    run continues a shorter one.
    """
    return {
        "method": method.name,
        "base": method.base,
        "trainable": names_hash(method.trainable),
        "plan": differing(plan, without=_CADENCE),
        **method.facts,
    }


def run_name(described: Mapping[str, Any]) -> str:
    """Return the name of the folder of a run: its method and the start of its identity's hash."""
    text = json.dumps(described, sort_keys=True)
    return f"{described['method']}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def differing(plan: Any, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the values of a frozen dataclass that are not its defaults.

    Leaving defaults out keeps the identity of old runs when a new setting is added.
    """
    found: dict[str, Any] = {}
    for field in dataclasses.fields(plan):
        value = getattr(plan, field.name)
        if field.name in without or value == field.default:
            continue
        found[field.name] = differing(value) if dataclasses.is_dataclass(value) else value
    return found


def weights_hash(*networks: nn.Module) -> str:
    """Return the hash of the names and the numbers of networks, wherever they came from."""
    digest = hashlib.sha256()
    for network in networks:
        for name, tensor in sorted(network.state_dict().items()):
            digest.update(f"{name}:{tensor.dtype}:{tuple(tensor.shape)}".encode())
            flat = tensor.detach().cpu().contiguous().flatten()
            if flat.numel():
                digest.update(flat.view(torch.uint8).numpy())
    return digest.hexdigest()


def names_hash(tensors: Mapping[str, Any]) -> str:
    """Return the hash of the names of tensors, in order."""
    return hashlib.sha256("\n".join(tensors).encode()).hexdigest()
