"""Noise: the one draw that a picture starts from, and the draws that some samplers add per step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def initial_noise(latent: Tensor, seed: int, batch_index: Sequence[int] | None = None) -> Tensor:
    """Return noise in the shape of a latent, the same for the same seed on every machine.

    A batch is one draw: item k of a batch of 4 equals item k of a batch of 8 with the same seed.
    Where a latent remembers from which places of a batch its items were taken, the items of that
    larger batch are drawn one by one up to the last of those places.

    Args:
        latent: The latent [B, C, h, w]; gives shape and dtype.
        seed: From 0 to 2**64 - 1.
        batch_index: The place of each item in the batch that it was taken from.
    """
    generator = torch.Generator("cpu").manual_seed(seed)
    if batch_index is None:
        return torch.randn(latent.shape, dtype=latent.dtype, generator=generator)
    single = (1, *latent.shape[1:])
    places = range(max(batch_index) + 1)
    drawn = [torch.randn(single, dtype=latent.dtype, generator=generator) for _ in places]
    return torch.cat([drawn[place] for place in batch_index])


class StepNoise(Protocol):
    """Where a sampler takes the noise of a step from."""

    def __call__(self, sigma: float, sigma_next: float) -> Tensor:
        """Return noise of unit variance for the way between two levels."""
        ...


class GaussianNoise:
    """Independent noise at each call.

    The generator starts from the seed of the initial noise, so that on a CPU the first draw equals
    it; pictures made elsewhere with such samplers rely on that.

    Args:
        like: Gives shape, dtype and device.
        seed: From 0 to 2**64 - 1.
    """

    def __init__(self, like: Tensor, seed: int) -> None:
        self._like = like
        self._generator = torch.Generator(like.device).manual_seed(seed)

    def __call__(self, sigma: float, sigma_next: float) -> Tensor:  # noqa: ARG002 - of the protocol
        """Draw the next noise; the levels do not matter."""
        like = self._like
        return torch.randn(
            like.shape, dtype=like.dtype, device=like.device, generator=self._generator
        )


class BrownianNoise:
    """Increments of one Brownian path, so that other step counts follow the same path.

    Args:
        like: Gives shape, dtype and device of the results.
        sigmas: The schedule; the path spans its non-zero levels.
        seed: From 0 to 2**64 - 1.
        on_cpu: Draw on the CPU, which gives the same picture on every machine.
    """

    def __init__(
        self, like: Tensor, sigmas: Sequence[float], seed: int, *, on_cpu: bool = True
    ) -> None:
        from torchsde import BrownianTree

        device = torch.device("cpu") if on_cpu else like.device
        levels = [sigma for sigma in sigmas if sigma > 0]
        self._device = like.device
        # The tree keeps its ends to six digits only, and warns about questions beyond them.
        self._low, self._high = round(min(levels), 6), round(max(levels), 6)
        zeros = torch.zeros_like(like, device=device)
        self._tree = BrownianTree(t0=self._low, w0=zeros, t1=self._high, entropy=seed)

    def __call__(self, sigma: float, sigma_next: float) -> Tensor:
        """Return the increment between two levels, scaled to unit variance."""
        start, end = self._inside(sigma), self._inside(sigma_next)
        increment: Any = self._tree(min(start, end), max(start, end))
        return (increment / math.copysign(abs(sigma_next - sigma) ** 0.5, end - start)).to(
            self._device
        )

    def _inside(self, sigma: float) -> float:
        return min(max(sigma, self._low), self._high)
