"""DPM-Solver-2 in the form of Karras et al. 2022: a midpoint on the logarithmic scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nodes.diffusion.sampling.samplers.ancestral import renoise, split, split_flow

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def dpm_2(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Midpoint steps (Karras et al. 2022; Lu et al. 2022, DPM-Solver-2)."""
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        x = _midpoint(trajectory, x, denoised, step.sigma, step.next)
    return x


def dpm_2_ancestral(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """Midpoint steps with noise added after each."""
    is_flow = trajectory.sampling.is_flow
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if is_flow:
            splits = split_flow(step.sigma, step.next, eta)
        else:
            down, up = split(step.sigma, step.next, eta)
            splits = (down, 1.0, up)
        x = _midpoint(trajectory, x, denoised, step.sigma, splits[0])
        if splits[0] > 0:
            x = renoise(trajectory, x, step, splits, s_noise)
    return x


def _midpoint(
    trajectory: Trajectory, x: Tensor, denoised: Tensor, sigma: float, sigma_next: float
) -> Tensor:
    d = (x - denoised) / sigma
    if sigma_next == 0:
        return x + d * (sigma_next - sigma)
    middle = math.sqrt(sigma * sigma_next)
    x_2 = x + d * (middle - sigma)
    d_2 = (x_2 - trajectory.denoiser(x_2, middle)) / middle
    return x + d_2 * (sigma_next - sigma)
