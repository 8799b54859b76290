"""Heun's method and its three-stage relative."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def heun(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Heun steps (Karras et al. 2022, algorithm 1 without churn)."""
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        d = (x - denoised) / step.sigma
        dt = step.next - step.sigma
        if step.next == 0:
            x = x + d * dt
            continue
        x_2 = x + d * dt
        d_2 = (x_2 - trajectory.denoiser(x_2, step.next)) / step.next
        x = x + (d + d_2) / 2 * dt
    return x


def heunpp2(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Heun++ (Wang et al. 2024): slopes ahead are weighed by their levels.

    The last step has one slope, the one before it two, all others three.
    """
    sigmas = trajectory.sigmas
    for step in trajectory.steps():
        i = step.index
        denoised = trajectory.start(x, step)
        slopes = [(x - denoised) / step.sigma]
        ahead = sigmas[i + 1 : min(i + 3, len(sigmas) - 1)]
        probe, before = x, step.sigma
        for level in ahead:
            probe = probe + slopes[-1] * (level - before)
            slopes.append((probe - trajectory.denoiser(probe, level)) / level)
            before = level
        weights = [level / (len(slopes) * sigmas[0]) for level in ahead]
        d = (1 - sum(weights)) * slopes[0]
        for weight, slope in zip(weights, slopes[1:], strict=True):
            d = d + weight * slope
        x = x + d * (step.next - step.sigma)
    return x
