"""An exponential moving average of weights that knows how much of the base is left in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import EMA_STARTS, EmaPlan

_LERP = "_foreach_lerp_"
"""Moves all tensors in a few kernels; torch has no public name for it."""


class Ema:
    """The running average of some parameters, which begins as a copy of them.

    Args:
        trainable: The parameters, by name.
        plan: How long the memory is, and how it begins.

    Raises:
        TrainingError: The plan names no start or no decay.
    """

    def __init__(self, trainable: Mapping[str, nn.Parameter], plan: EmaPlan) -> None:
        if plan.start not in EMA_STARTS or not 0 <= plan.decay < 1 or plan.every < 1:
            raise TrainingError(
                "no such average of weights",
                expected=f"a start of {', '.join(EMA_STARTS)} and a decay from 0 to below 1",
                got=f"{plan.start}, {plan.decay}",
            )
        self._plan = plan
        self._parameters = dict(trainable)
        self.shadow: dict[str, Tensor] = {n: p.detach().clone() for n, p in trainable.items()}
        self.base_share = 1.0

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after a step.

        Args:
            step: Steps done, counted from 1.
        """
        if step % self._plan.every:
            return
        decay = decay_at(self._plan, step)
        live = [p.detach() for p in self._parameters.values()]
        lerp = getattr(torch, _LERP)
        lerp(list(self.shadow.values()), live, 1 - decay)
        self.base_share *= decay

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """Let the networks compute with the average; nothing is copied."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def restore(self, shadow: Mapping[str, Tensor], base_share: float) -> None:
        """Go on from a stored average."""
        for name, tensor in self.shadow.items():
            tensor.copy_(shadow[name])
        self.base_share = base_share

    def _exchange(self) -> None:
        for name, parameter in self._parameters.items():
            parameter.data, self.shadow[name] = self.shadow[name], parameter.data


def decay_at(plan: EmaPlan, step: int) -> float:
    """Return what one update after `step` steps keeps of the average.

    The ramp of `warmup` and `continue` is (1 + n) / (10 + n), as in TensorFlow's averages.
    """
    decay = plan.decay
    if plan.start != "constant":
        seen = step - 1 + (plan.seen if plan.start == "continue" else 0)
        decay = min(decay, (1 + seen) / (10 + seen))
    return decay**plan.every


def base_share(plan: EmaPlan, steps: int) -> float:
    """Return how much of the base's weights the average holds after so many steps."""
    if plan.start == "constant":
        return plan.decay ** (steps - steps % plan.every)
    share = 1.0
    for step in range(plan.every, steps + 1, plan.every):
        share *= decay_at(plan, step)
    return share
