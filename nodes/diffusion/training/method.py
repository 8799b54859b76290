"""A way of training, as the loop sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class Method:
    """All that tells one way of training from another.

    Attributes:
        name: `text_to_image`, `lora`, `autoencoder`, ...
        trainable: The parameters that change, by names that stay the same between processes.
        networks: What is put into training mode.
        assemble: Makes the batch of a part from its number, counted from 0 over the whole run.
            Everything that is drawn at random is in the batch, so that `loss` draws nothing
            (dropout apart, which the loop seeds).
        loss: The mean loss of a batch, a scalar with a gradient.
        base: Hash of the weights that the run starts from.
        facts: What else decides the result, as JSON values: part of the run's identity.
        device: Where the networks are.
    """

    name: str
    trainable: Mapping[str, nn.Parameter]
    networks: Sequence[nn.Module]
    assemble: Callable[[int], Any]
    loss: Callable[[Any], Tensor]
    base: str
    facts: Mapping[str, Any]
    device: torch.device
