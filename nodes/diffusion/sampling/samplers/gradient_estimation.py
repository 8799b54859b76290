"""Gradient estimation (Permenter & Yuan 2024): the slope is extrapolated beyond the last two."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def gradient_estimation(
    trajectory: Trajectory, x: Tensor, *, gamma: float = 2.0, cfg_pp: bool = False
) -> Tensor:
    """Algorithm 1 of the paper.

    Args:
        trajectory: Model and levels.
        x: The noisy latent.
        gamma: 1 is Euler's method.
        cfg_pp: Take the direction from the negative conditioning alone (CFG++).
    """
    old: Tensor | None = None
    for step in trajectory.steps():
        denoised, origin = trajectory.start_both(x, step, cfg_pp=cfg_pp)
        if step.next == 0:
            x = denoised
            continue
        d = (x - origin) / step.sigma
        x = denoised + d * step.next
        if old is not None:
            x = x + (gamma - 1) * (d - old) * (step.next - step.sigma)
        old = d
    return x


def gradient_estimation_cfg_pp(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Gradient estimation with CFG++ (Chung et al. 2024)."""
    return gradient_estimation(trajectory, x, cfg_pp=True)
