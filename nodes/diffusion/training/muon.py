"""Muon: momentum whose matrices are made orthogonal before use (Jordan et al. 2024)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

_ELEMENTWISE = re.compile(r"embedding|conv_in|conv_out|quant_conv")
"""Tables, and layers next to pictures and latents: what they map is not a space of features."""
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5
_RMS = 0.2
_TINY = 1e-7


class Muon(torch.optim.Optimizer):
    """Muon for the matrices of hidden layers (kernels are matrices of rows), AdamW for the rest.

    Updates of matrices are scaled to the size that AdamW's have (Liu et al. 2025, section 2.2),
    so that one learning rate serves both.

    Args:
        trainable: The parameters by name.
        lr: The learning rate.
        momentum: Memory of the mean of gradients of matrices.
        weight_decay: Decoupled, for all.
        adamw: What else AdamW is given.
    """

    def __init__(
        self,
        trainable: Mapping[str, nn.Parameter],
        lr: float,
        momentum: float,
        weight_decay: float,
        adamw: Mapping[str, Any],
    ) -> None:
        hidden = {name: p for name, p in trainable.items() if is_hidden_matrix(name, p)}
        others = [p for name, p in trainable.items() if name not in hidden]
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__([{"params": list(hidden.values())}], defaults)
        self._others = (
            torch.optim.AdamW(others, lr=lr, weight_decay=weight_decay, **adamw) if others else None
        )
        if self._others:
            # one memory and one list of groups, so that whoever sets a rate sets it for all
            self._others.state = self.state
            self.param_groups.extend(self._others.param_groups)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the parameters once; `closure` is not supported."""
        if closure is not None:
            raise TypeError("Muon takes no closure")
        group = self.param_groups[0]
        by_shape: dict[tuple[int, ...], list[nn.Parameter]] = {}
        for parameter in group["params"]:
            if parameter.grad is not None:
                by_shape.setdefault(_rows(parameter).shape, []).append(parameter)
        for parameters in by_shape.values():
            updates = torch.stack([self._momentum(p, group["momentum"]) for p in parameters])
            for parameter, update in zip(parameters, orthogonal(updates), strict=True):
                scale = _RMS * max(update.shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(update.view(parameter.shape), alpha=-group["lr"] * scale)
        if self._others:
            self._others.step()

    def _momentum(self, parameter: nn.Parameter, memory: float) -> Tensor:
        """Return Nesterov's look ahead of the momentum, as rows."""
        gradient, state = parameter.grad, self.state[parameter]
        if gradient is None:
            raise ValueError("a parameter without a gradient has no momentum")
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum = state["momentum"].lerp_(gradient, 1 - memory)
        return _rows(torch.lerp(gradient, momentum, memory))


def is_hidden_matrix(name: str, parameter: Tensor) -> bool:
    """Tell whether a parameter maps features to features, so that Muon is for it."""
    return parameter.ndim > 1 and not _ELEMENTWISE.search(name)


def orthogonal(matrices: Tensor) -> Tensor:
    """Return matrices with the same singular vectors and singular values near 1.

    Five steps of Newton and Schulz's iteration in bfloat16, with Jordan's coefficients; singular
    values end between about 0.7 and 1.2.

    Args:
        matrices: `[N, rows, columns]`.
    """
    a, b, c = _COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    x = (matrices.mT if tall else matrices).bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + _TINY)
    for _ in range(_ITERATIONS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return (x.mT if tall else x).to(matrices.dtype)


def _rows(tensor: Tensor) -> Tensor:
    return tensor.flatten(1).contiguous()
