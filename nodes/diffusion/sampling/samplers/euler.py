"""Euler's method along the probability-flow equation, and its ancestral form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodes.diffusion.sampling.samplers.ancestral import renoise, split, split_flow

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


def euler(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Euler steps (Karras et al. 2022, algorithm 2 without churn); equals DDIM."""
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        d = (x - denoised) / step.sigma
        x = x + d * (step.next - step.sigma)
    return x


def euler_ancestral(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """Euler steps with noise added after each."""
    if trajectory.sampling.is_flow:
        return _euler_ancestral_flow(trajectory, x, eta=eta, s_noise=s_noise)
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        down, up = split(step.sigma, step.next, eta)
        if down == 0:
            x = denoised
            continue
        d = (x - denoised) / step.sigma
        x = x + d * (down - step.sigma)
        if up:
            x = x + trajectory.noise(step.sigma, step.next) * (s_noise * up)
    return x


def _euler_ancestral_flow(
    trajectory: Trajectory, x: Tensor, *, eta: float, s_noise: float
) -> Tensor:
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        splits = split_flow(step.sigma, step.next, eta)
        ratio = splits[0] / step.sigma
        x = ratio * x + (1 - ratio) * denoised
        if eta > 0:
            x = renoise(trajectory, x, step, splits, s_noise)
    return x


def euler_ancestral_cfg_pp(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """DDIM steps from the guided guess along the unguided noise (CFG++, Chung et al. 2024).

    The noise is measured where alpha = 1 and brought back to the alpha of the next level.
    """
    sampling = trajectory.sampling
    for step in trajectory.steps():
        denoised, unguided = trajectory.start_both(x, step, cfg_pp=True)
        if step.next == 0:
            x = denoised
            continue
        alpha, alpha_next = sampling.alpha(step.sigma), sampling.alpha(step.next)
        d = (x - alpha * unguided) / step.sigma
        here = step.sigma / alpha if alpha else float("inf")
        down, up = split(here, step.next / alpha_next, eta)
        x = alpha_next * denoised + alpha_next * down * d
        if up:
            x = x + trajectory.noise(step.sigma, step.next) * (alpha_next * s_noise * up)
    return x


def euler_cfg_pp(trajectory: Trajectory, x: Tensor) -> Tensor:
    """The same without added noise."""
    return euler_ancestral_cfg_pp(trajectory, x, eta=0.0)
