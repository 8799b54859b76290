"""ER-SDE-Solver (Cui et al. 2023): extended reverse-time stochastic equations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory

    NoiseScale = Callable[[np.ndarray], np.ndarray]

_POINTS = 200


def er_sde(
    trajectory: Trajectory,
    x: Tensor,
    *,
    solver_type: str = "ER-SDE",
    max_stage: int = 3,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Tensor:
    """Steps of up to three stages (algorithm 1 to 3 of the paper).

    Args:
        trajectory: Model and levels.
        x: The noisy latent.
        solver_type: `ER-SDE` scales the noise as the paper recommends (its SDE_5), `Reverse-time
            SDE` by the power eta + 1, `ODE` adds none.
        max_stage: Order, 1 to 3.
        eta: Power of the noise of `Reverse-time SDE`.
        s_noise: Factor on the noise; 0 leaves it out.
    """
    scale = _noise_scale(solver_type, eta)
    trajectory = trajectory.with_finite_snr()
    sampling = trajectory.sampling
    past: list[tuple[float, Tensor]] = []
    slope_before: Tensor | None = None
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        alpha, alpha_next = sampling.alpha(step.sigma), sampling.alpha(step.next)
        lam, lam_next = step.sigma / alpha, step.next / alpha_next
        r = float(scale(np.array(lam_next)) / scale(np.array(lam)))
        x = (alpha_next / alpha * r) * x + alpha_next * (1 - r) * denoised
        if past and max_stage > 1:
            first, second = _stage_weights(scale, lam, lam_next)
            slope = (denoised - past[0][1]) / (lam - past[0][0])
            x = x + alpha_next * first * slope
            if slope_before is not None and len(past) > 1 and max_stage > 2:
                bend = (slope - slope_before) / ((lam - past[1][0]) / 2)
                x = x + alpha_next * second * bend
            slope_before = slope
        variance = lam_next**2 - (lam * r) ** 2
        if s_noise > 0 and variance > 0 and solver_type != "ODE":
            up = alpha_next * s_noise * math.sqrt(variance)
            x = x + up * trajectory.noise(step.sigma, step.next)
        past = [(lam, denoised), *past[:1]]
    return x


def _noise_scale(solver_type: str, eta: float) -> NoiseScale:
    if solver_type == "ER-SDE":
        return lambda lam: lam * (np.exp(lam**0.3) + 10.0)
    power = 1.0 if solver_type == "ODE" else eta + 1.0
    return lambda lam: lam**power


def _stage_weights(scale: NoiseScale, lam: float, lam_next: float) -> tuple[float, float]:
    """Return the weights of slope and bend, integrated with 200 rectangles as the paper does."""
    dt = lam_next - lam
    width = -dt / _POINTS
    at = lam_next + np.arange(_POINTS) * width
    outer = float(scale(np.array(lam_next)))
    first = dt + float(np.sum(1 / scale(at))) * width * outer
    second = dt**2 / 2 + float(np.sum((at - lam) / scale(at))) * width * outer
    return first, second
