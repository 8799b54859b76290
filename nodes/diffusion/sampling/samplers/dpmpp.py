"""DPM-Solver++ (Lu et al. 2022b): the exponential integrator in terms of the denoised latent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nodes.diffusion.sampling.samplers.ancestral import renoise, split, split_flow

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory

_ALMOST_PURE_NOISE = 0.9999


def dpmpp_2m(trajectory: Trajectory, x: Tensor) -> Tensor:
    """DPM-Solver++(2M): two steps of memory, one question a step."""
    old: Tensor | None = None
    h_last = 0.0
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        h = math.log(step.sigma / step.next)
        d = denoised
        if old is not None:
            r = h_last / h
            d = (1 + 1 / (2 * r)) * denoised - (1 / (2 * r)) * old
        x = (step.next / step.sigma) * x - math.expm1(-h) * d
        old, h_last = denoised, h
    return x


def dpmpp_2m_cfg_pp(trajectory: Trajectory, x: Tensor) -> Tensor:
    """DPM-Solver++(2M) from the guided guess along the unguided noise (CFG++)."""
    old: Tensor | None = None
    h_last = 0.0
    for step in trajectory.steps():
        denoised, unguided = trajectory.start_both(x, step, cfg_pp=True)
        if step.next == 0:
            x = denoised
            continue
        h = math.log(step.sigma / step.next)
        x = denoised + (x - unguided) * math.exp(-h)
        if old is not None:
            r = h_last / h
            x = x - math.expm1(-h) / (2 * r) * (denoised - old)
        old, h_last = unguided, h
    return x


def dpmpp_2s_ancestral(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """DPM-Solver++(2S) with noise added after each step."""
    if trajectory.sampling.is_flow:
        return _dpmpp_2s_ancestral_flow(trajectory, x, eta=eta, s_noise=s_noise)
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        down, up = split(step.sigma, step.next, eta)
        if down == 0:
            x = denoised
            continue
        h = math.log(step.sigma / down)
        middle = math.sqrt(step.sigma * down)
        x_2 = (middle / step.sigma) * x - math.expm1(-h / 2) * denoised
        denoised_2 = trajectory.denoiser(x_2, middle)
        x = (down / step.sigma) * x - math.expm1(-h) * denoised_2
        x = x + trajectory.noise(step.sigma, step.next) * (s_noise * up) if up else x
    return x


def dpmpp_2s_ancestral_cfg_pp(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """DPM-Solver++(2S) ancestral from the guided guess along the unguided noise (CFG++)."""
    for step in trajectory.steps():
        denoised, unguided = trajectory.start_both(x, step, cfg_pp=True)
        down, up = split(step.sigma, step.next, eta)
        if down == 0:
            x = denoised
            continue
        h = math.log(step.sigma / down)
        middle = math.sqrt(step.sigma * down)
        origin = x + (denoised - unguided)
        x_2 = (middle / step.sigma) * origin - math.expm1(-h / 2) * denoised
        denoised_2, unguided = trajectory.denoiser.both(x_2, middle)
        # The correction of the second stage uses the second question, the guess the first.
        origin = x + (denoised - unguided)
        x = (down / step.sigma) * origin - math.expm1(-h) * denoised_2
        x = x + trajectory.noise(step.sigma, step.next) * (s_noise * up) if up else x
    return x


def _dpmpp_2s_ancestral_flow(
    trajectory: Trajectory, x: Tensor, *, eta: float, s_noise: float
) -> Tensor:
    """The same on a straight path, where the midpoint is that of log((1 - sigma) / sigma)."""
    sampling = trajectory.sampling
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        splits = split_flow(step.sigma, step.next, eta)
        middle = _ALMOST_PURE_NOISE
        if step.sigma < 1:
            ends = sampling.half_log_snr(step.sigma) + sampling.half_log_snr(splits[0])
            middle = sampling.sigma_of(ends / 2)
        ratio = middle / step.sigma
        denoised_2 = trajectory.denoiser(ratio * x + (1 - ratio) * denoised, middle)
        ratio = splits[0] / step.sigma
        x = ratio * x + (1 - ratio) * denoised_2
        if eta > 0:
            x = renoise(trajectory, x, step, splits, s_noise)
    return x
