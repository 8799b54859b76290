"""RES: the refined exponential solver (Zhang et al. 2023), in its multistep form."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nodes.diffusion.sampling.samplers.ancestral import split

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def res_multistep(
    trajectory: Trajectory,
    x: Tensor,
    *,
    eta: float = 0.0,
    s_noise: float = 1.0,
    cfg_pp: bool = False,
) -> Tensor:
    """Second-order steps whose second point is the guess before (section 3.3 of the paper).

    Args:
        trajectory: Model and levels.
        x: The noisy latent.
        eta: Noise added after each step; 1 is fully ancestral.
        s_noise: Factor on that noise.
        cfg_pp: Take the direction from the negative conditioning alone (CFG++).
    """
    old: Tensor | None = None
    old_down = old_sigma = 0.0
    for step in trajectory.steps():
        denoised, origin = trajectory.start_both(x, step, cfg_pp=cfg_pp)
        down, up = split(step.sigma, step.next, eta)
        if down == 0 or old is None:
            x = denoised + (x - origin) / step.sigma * down
        else:
            h = math.log(step.sigma / down)
            c2 = math.log(old_down / old_sigma) / h
            b1, b2 = _weights(h, c2)
            x = (down / step.sigma) * (x + (denoised - origin)) + h * (b1 * origin + b2 * old)
        if up:
            x = x + trajectory.noise(step.sigma, step.next) * (s_noise * up)
        old, old_down, old_sigma = origin, down, step.sigma
    return x


def res_multistep_ancestral(trajectory: Trajectory, x: Tensor) -> Tensor:
    """RES with noise added after each step."""
    return res_multistep(trajectory, x, eta=1.0)


def res_multistep_cfg_pp(trajectory: Trajectory, x: Tensor) -> Tensor:
    """RES with CFG++ (Chung et al. 2024)."""
    return res_multistep(trajectory, x, cfg_pp=True)


def res_multistep_ancestral_cfg_pp(trajectory: Trajectory, x: Tensor) -> Tensor:
    """RES with CFG++ and noise added after each step."""
    return res_multistep(trajectory, x, eta=1.0, cfg_pp=True)


def _weights(h: float, c2: float) -> tuple[float, float]:
    phi_1 = -math.expm1(-h) / h
    phi_2 = (1 - phi_1) / h
    b2 = phi_2 / c2 if c2 else 0.0
    return phi_1 - b2, b2
