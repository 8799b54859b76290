"""How ancestral samplers split a step: go below the next level, then add noise up to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Step, Trajectory


def split(sigma: float, sigma_next: float, eta: float) -> tuple[float, float]:
    """Return the level to go down to and the noise to add, for alpha = 1.

    Args:
        sigma: Present level.
        sigma_next: Level to arrive at.
        eta: 0 adds no noise, 1 adds as much as the reverse process of DDPM.
    """
    if not eta:
        return sigma_next, 0.0
    variance = sigma_next**2 * (sigma**2 - sigma_next**2) / sigma**2
    up = min(sigma_next, eta * math.sqrt(max(variance, 0.0)))
    return math.sqrt(max(sigma_next**2 - up**2, 0.0)), up


def split_flow(sigma: float, sigma_next: float, eta: float) -> tuple[float, float, float]:
    """Return the level to go down to, then factor and noise that bring the result back up.

    The factor restores alpha = 1 - sigma of the next level, the noise its variance.
    """
    down = sigma_next * (1 + (sigma_next / sigma - 1) * eta)
    factor = (1 - sigma_next) / (1 - down)
    return down, factor, math.sqrt(max(sigma_next**2 - (down * factor) ** 2, 0.0))


def renoise(
    trajectory: Trajectory,
    x: Tensor,
    step: Step,
    splits: tuple[float, float, float],
    s_noise: float,
) -> Tensor:
    """Bring a latent of a flow from the lower level up to the next one."""
    _, factor, up = splits
    return factor * x + trajectory.noise(step.sigma, step.next) * (s_noise * up)
