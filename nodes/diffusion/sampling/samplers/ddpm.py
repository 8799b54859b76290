"""Samplers that draw new noise at every level: DDPM and latent consistency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def ddpm(trajectory: Trajectory, x: Tensor) -> Tensor:
    """The reverse process of DDPM (Ho et al. 2020, algorithm 2) between any two levels."""
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        eps = (x - denoised) / step.sigma
        acp, acp_next = 1 / (step.sigma**2 + 1), 1 / (step.next**2 + 1)
        alpha = acp / acp_next
        mean = x * math.sqrt(acp) - (1 - alpha) / math.sqrt(1 - acp) * eps
        x = mean / math.sqrt(alpha)
        if step.next > 0:
            spread = math.sqrt((1 - alpha) * (1 - acp_next) / (1 - acp))
            x = (x + spread * trajectory.noise(step.sigma, step.next)) / math.sqrt(acp_next)
    return x


def lcm(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Multistep consistency sampling (Luo et al. 2023, algorithm 3): guess, then noise anew."""
    for step in trajectory.steps():
        x = trajectory.start(x, step)
        if step.next > 0:
            noise = trajectory.noise(step.sigma, step.next)
            x = trajectory.sampling.add_noise(x, noise, step.next)
    return x
