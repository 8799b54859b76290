"""What LoRA, LoHa, LoKr, DoRA and plain differences do to a weight, in float32.

Sources: Hu et al. 2021 (LoRA), Hyeon-Woo et al. 2021 (LoHa), Yeh et al. 2023 (LoKr),
Liu et al. 2024 (DoRA).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from nodes.diffusion.errors import WeightsMismatchError

if TYPE_CHECKING:
    from torch import Tensor


class Adapter(Protocol):
    """One change of one weight."""

    def apply(self, weight: Tensor, strength: float) -> Tensor:
        """Return the changed weight.

        Args:
            weight: Float32; is not changed.
            strength: Factor on the change.

        Raises:
            WeightsMismatchError: The change is of another size than the weight.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class LowRank:
    """W + strength * scale * up @ down (LoRA); with `mid` a Tucker product (LoCon).

    Attributes:
        up: [out, rank] or [out, rank, 1, 1].
        down: [rank, in] or [rank, in, k, k].
        mid: [rank, rank, k, k], or None.
        scale: alpha / rank, or 1.
        magnitude: DoRA's length of each row (or column) of the result, or None.
    """

    up: Tensor
    down: Tensor
    mid: Tensor | None
    scale: float
    magnitude: Tensor | None = None

    def apply(self, weight: Tensor, strength: float) -> Tensor:
        """Return the changed weight."""
        down = self.down.to(weight)
        if self.mid is not None:
            down = torch.einsum("rskl,si->rikl", self.mid.to(weight), down.flatten(1))
        up, down = self.up.to(weight).flatten(1), down.flatten(1)
        if self.magnitude is None and up.shape[0] * down.shape[1] == weight.numel():
            # the usual case in one pass over the weight, which is what its time goes into
            rows = weight.reshape(up.shape[0], down.shape[1])
            return torch.addmm(rows, up, down, alpha=strength * self.scale).reshape(weight.shape)
        delta = up @ down
        return _changed(weight, delta * self.scale, self.magnitude, strength)


@dataclass(frozen=True, kw_only=True)
class Hadamard:
    """W + strength * scale * (w1a @ w1b) * (w2a @ w2b) (LoHa).

    Attributes:
        left: Factors a and b of the first matrix.
        right: Factors a and b of the second one.
        cores: Tucker cores [rank, rank, k, k] of both, or None.
        scale: alpha / rank, or 1.
        magnitude: As for `LowRank`.
    """

    left: tuple[Tensor, Tensor]
    right: tuple[Tensor, Tensor]
    cores: tuple[Tensor, Tensor] | None
    scale: float
    magnitude: Tensor | None = None

    def apply(self, weight: Tensor, strength: float) -> Tensor:
        """Return the changed weight."""
        cores = self.cores or (None, None)
        first = _product(*self.left, cores[0], weight)
        second = _product(*self.right, cores[1], weight)
        return _changed(weight, first * second * self.scale, self.magnitude, strength)


@dataclass(frozen=True, kw_only=True)
class Kronecker:
    """W + strength * scale * w1 (x) w2 (LoKr).

    Attributes:
        first: The first matrix, or its factors a and b.
        second: The second one, or its factors.
        core: Tucker core of the second one, or None.
        scale: alpha / rank where one of them is factored, or 1.
        magnitude: As for `LowRank`.
    """

    first: tuple[Tensor, ...]
    second: tuple[Tensor, ...]
    core: Tensor | None
    scale: float
    magnitude: Tensor | None = None

    def apply(self, weight: Tensor, strength: float) -> Tensor:
        """Return the changed weight."""
        first = _whole(self.first, None, weight)
        second = _whole(self.second, self.core, weight)
        first = first.reshape(*first.shape, *[1] * (second.dim() - first.dim()))
        delta = torch.kron(first, second.contiguous())
        return _changed(weight, delta * self.scale, self.magnitude, strength)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """W + strength * difference."""

    difference: Tensor

    def apply(self, weight: Tensor, strength: float) -> Tensor:
        """Return the changed weight."""
        return _changed(weight, self.difference.to(weight), None, strength)


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """Another weight in place of W, whatever the strength."""

    value: Tensor

    def apply(self, weight: Tensor, strength: float) -> Tensor:  # noqa: ARG002 - the protocol's
        """Return the other weight."""
        _check(weight, self.value)
        return self.value.to(weight).reshape(weight.shape)


def _product(a: Tensor, b: Tensor, core: Tensor | None, weight: Tensor) -> Tensor:
    a, b = a.to(weight), b.to(weight)
    if core is None:
        return a @ b
    return torch.einsum("ijkl,jr,ip->prkl", core.to(weight), b, a)


def _whole(factors: tuple[Tensor, ...], core: Tensor | None, weight: Tensor) -> Tensor:
    if len(factors) == 1:
        return factors[0].to(weight)
    return _product(factors[0], factors[1], core, weight)


def _check(weight: Tensor, change: Tensor) -> None:
    if change.numel() != weight.numel():
        raise WeightsMismatchError(
            "a patch is of another size than the weight it is for",
            expected=str(tuple(weight.shape)),
            got=str(tuple(change.shape)),
        )


def _changed(weight: Tensor, delta: Tensor, magnitude: Tensor | None, strength: float) -> Tensor:
    _check(weight, delta)
    delta = delta.reshape(weight.shape)
    if magnitude is None:
        return weight + strength * delta
    return weight + strength * (_with_magnitude(weight, delta, magnitude.to(weight)) - weight)


def _with_magnitude(weight: Tensor, delta: Tensor, magnitude: Tensor) -> Tensor:
    """Return DoRA's V: the summed weight, its rows (or columns) brought to learnt lengths."""
    summed = weight + delta
    by_row = magnitude.shape[0] == weight.shape[0]
    if by_row:
        length = weight.flatten(1).norm(dim=1)
    else:
        length = summed.transpose(0, 1).flatten(1).norm(dim=1)
    axes = [1] * (weight.dim() - 1)
    length = length.reshape(-1, *axes) if by_row else length.reshape(1, -1, *axes[1:])
    factor = magnitude.flatten().reshape(length.shape)
    return summed * (factor / (length + torch.finfo(weight.dtype).eps))
