"""Inpainting with any model: outside the mask the known latent stands at every noise level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch.nn import functional as F  # noqa: N812 - the name that everybody gives it

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.model_sampling import ModelSampling, NoiseLevels
    from nodes.diffusion.sampling.trajectory import Denoiser


@dataclass(frozen=True, eq=False)
class Opening:
    """A noise mask, which may open step by step (as of Levin & Fried 2023, differential diffusion).

    Attributes:
        mask: 1 where the picture is repainted, at latent size [B, C, h, w].
        levels: The model's noise levels; None for a mask that stays as it is.
        first: Timestep at which sampling begins: then only what is 1 is repainted.
        last: Timestep at which everything above 0 is.
        strength: Share of the mask that opens; 0 means all of it, as in ComfyUI.
    """

    mask: Tensor
    levels: NoiseLevels | None = None
    first: float = 0.0
    last: float = 0.0
    strength: float = 1.0

    def at(self, sigma: float) -> Tensor:
        """Return the mask of a noise level."""
        if self.levels is None or self.first == self.last:
            return self.mask
        threshold = (self.levels.timestep(sigma) - self.last) / (self.first - self.last)
        open_ = (self.mask >= threshold).to(self.mask.dtype)
        share = self.strength or 1.0
        return open_ * share + self.mask * (1.0 - share)


@dataclass(frozen=True, eq=False)
class Inpainting:
    """A denoiser that changes only what is inside a mask (as of Lugmayr et al. 2022).

    Attributes:
        denoiser: The model.
        opening: Where the picture is repainted.
        latent: The known picture in the network's scale [B, C, h, w].
        noise: What it is noised with.
    """

    denoiser: Denoiser
    opening: Opening
    latent: Tensor
    noise: Tensor

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        return self.denoiser.sampling

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """Return the guess, the known latent outside the mask."""
        mask = self.opening.at(sigma)
        return self._outside(self.denoiser(self._inside(x, sigma, mask), sigma), mask)

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Return the guided guess so composed, and that of the negative conditioning as it is."""
        mask = self.opening.at(sigma)
        guided, negative = self.denoiser.both(self._inside(x, sigma, mask), sigma)
        return self._outside(guided, mask), negative

    def _inside(self, x: Tensor, sigma: float, mask: Tensor) -> Tensor:
        known = self.sampling.add_noise(self.latent, self.noise, sigma)
        return x * mask + known * (1 - mask)

    def _outside(self, denoised: Tensor, mask: Tensor) -> Tensor:
        return denoised * mask + self.latent * (1 - mask)


def fit_mask(mask: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return a noise mask for a latent of this shape: resized bilinearly, repeated over the batch.

    Args:
        mask: [H, W], [B, H, W] or [B, 1, H, W], at any size.
        shape: Of the latent [B, C, h, w].
    """
    mask = mask.float().reshape(-1, 1, *mask.shape[-2:])
    if mask.shape[-2:] != shape[-2:]:
        mask = F.interpolate(mask, size=shape[-2:], mode="bilinear")
    repeats = -(-shape[0] // len(mask))
    return mask.repeat(repeats, shape[1], 1, 1)[: shape[0]]
