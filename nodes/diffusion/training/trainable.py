"""Which parameters of a model are trained, in one language for all ways of training."""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import nn

from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import TRAINABLE_PRESETS

_PATTERNS: Mapping[str, str] = {
    "all": r"unet\.",
    "attn": r"unet\..*\battentions\.",
    "attn2": r"unet\..*\battn2\.",
    "attn1+attn2": r"unet\..*\battn[12]\.",
    "kv": r"unet\..*\battn2\.to_[kv]\.",
    "conv_in": r"unet\.conv_in\.",
    "text": r"text\.",
}


def select(networks: Mapping[str, nn.Module], what: str) -> dict[str, nn.Parameter]:
    """Return the chosen parameters by `<network>.<parameter>`, in the networks' order.

    Args:
        networks: `unet`, and each text encoder as `text.<name>`.
        what: Presets or regular expressions, joined by `,`: `all` (the whole denoising network),
            `attn` (its transformer blocks), `attn2` (its cross-attention), `attn1+attn2`, `kv`
            (what cross-attention reads from the text), `conv_in`, `text` (all text encoders).
            An expression is searched for in the whole name.

    Raises:
        TrainingError: An expression is broken, or nothing is chosen.
    """
    patterns = [_pattern(part.strip()) for part in what.split(",") if part.strip()]
    chosen = {
        name: parameter
        for name, parameter in all_parameters(networks).items()
        if any(pattern.search(name) for pattern in patterns)
    }
    if not chosen:
        raise TrainingError(
            "no parameter is trained",
            expected=f"{', '.join(TRAINABLE_PRESETS)}, or a regular expression over names",
            got=repr(what),
        )
    return chosen


def all_parameters(networks: Mapping[str, nn.Module]) -> dict[str, nn.Parameter]:
    """Return every parameter of the networks by `<network>.<parameter>`."""
    return {
        f"{prefix}.{name}": parameter
        for prefix, network in networks.items()
        for name, parameter in network.named_parameters()
    }


def _pattern(part: str) -> re.Pattern[str]:
    if part in _PATTERNS:
        return re.compile(f"^{_PATTERNS[part]}")
    try:
        return re.compile(part)
    except re.error as error:
        raise TrainingError(f"not a regular expression: {error}", got=part) from error
