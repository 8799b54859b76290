"""Inpainting with any model: outside the mask the known latent stands at every noise level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch.nn import functional as F  # noqa: N812 - the name that everybody gives it

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.model_sampling import ModelSampling
    from nodes.diffusion.sampling.trajectory import Denoiser


@dataclass(frozen=True, eq=False)
class Inpainting:
    """A denoiser that changes only what is inside a mask (as of Lugmayr et al. 2022).

    Attributes:
        denoiser: The model.
        mask: 1 where the picture is repainted, at latent size [B, C, h, w].
        latent: The known picture in the network's scale [B, C, h, w].
        noise: What it is noised with.
    """

    denoiser: Denoiser
    mask: Tensor
    latent: Tensor
    noise: Tensor

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        return self.denoiser.sampling

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """Return the guess, the known latent outside the mask."""
        return self._outside(self.denoiser(self._inside(x, sigma), sigma))

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Return the guided guess so composed, and that of the negative conditioning as it is."""
        guided, negative = self.denoiser.both(self._inside(x, sigma), sigma)
        return self._outside(guided), negative

    def _inside(self, x: Tensor, sigma: float) -> Tensor:
        known = self.sampling.add_noise(self.latent, self.noise, sigma)
        return x * self.mask + known * (1 - self.mask)

    def _outside(self, denoised: Tensor) -> Tensor:
        return denoised * self.mask + self.latent * (1 - self.mask)


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
