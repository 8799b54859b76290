"""Stochastic DPM-Solver++ (Lu et al. 2022b, section 5), in half log signal-to-noise ratio."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from nodes.diffusion.sampling.samplers.ancestral import split

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Step, Trajectory


def dpmpp_sde(
    trajectory: Trajectory,
    x: Tensor,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r: float = 0.5,
) -> Tensor:
    """Stochastic DPM-Solver++(2S): a stage at a fraction `r` of the step, noise after each."""
    trajectory = trajectory.with_finite_snr()
    sampling = trajectory.sampling
    late = 1 / (2 * r)
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        lam, lam_next = sampling.half_log_snr(step.sigma), sampling.half_log_snr(step.next)
        middle = sampling.sigma_of(lam + r * (lam_next - lam))
        options = (eta, s_noise)
        x_2 = _stochastic_stage(trajectory, x, denoised, (step.sigma, middle), options)
        denoised_2 = trajectory.denoiser(x_2, middle)
        mixed = (1 - late) * denoised + late * denoised_2
        x = _stochastic_stage(trajectory, x, mixed, (step.sigma, step.next), options)
    return x


def _stochastic_stage(
    trajectory: Trajectory,
    x: Tensor,
    denoised: Tensor,
    levels: tuple[float, float],
    options: tuple[float, float],
) -> Tensor:
    """Go from one level to another: exactly to a level below it, then up with noise."""
    sigma, sigma_next = levels
    eta, s_noise = options
    sampling = trajectory.sampling
    alpha, alpha_next = sampling.alpha(sigma), sampling.alpha(sigma_next)
    down, up = split(sigma / alpha, sigma_next / alpha_next, eta)
    decay = down * alpha / sigma
    x = (alpha_next / alpha * decay) * x + alpha_next * (1 - decay) * denoised
    if eta > 0 and s_noise > 0:
        x = x + trajectory.noise(sigma, sigma_next) * (alpha_next * s_noise * up)
    return x


def dpmpp_2m_sde(
    trajectory: Trajectory,
    x: Tensor,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    solver_type: Literal["midpoint", "heun"] = "midpoint",
) -> Tensor:
    """Stochastic DPM-Solver++(2M)."""
    trajectory = trajectory.with_finite_snr()
    old: Tensor | None = None
    h_last = 0.0
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        h = _log_step(trajectory, step)
        h_eta = h * (eta + 1)
        alpha_next = trajectory.sampling.alpha(step.next)
        x = (step.next / step.sigma * math.exp(-h * eta)) * x
        x = x - alpha_next * math.expm1(-h_eta) * denoised
        if old is not None:
            slope = (denoised - old) * (h / h_last)
            heun = math.expm1(-h_eta) / h_eta + 1
            factor = heun if solver_type == "heun" else -0.5 * math.expm1(-h_eta)
            x = x + alpha_next * factor * slope
        x = _add_noise(trajectory, x, step, h * eta, s_noise)
        old, h_last = denoised, h
    return x


def dpmpp_2m_sde_heun(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Stochastic DPM-Solver++(2M) with Heun's correction."""
    return dpmpp_2m_sde(trajectory, x, solver_type="heun")


def dpmpp_3m_sde(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0
) -> Tensor:
    """Stochastic DPM-Solver++(3M): divided differences over three steps of memory."""
    trajectory = trajectory.with_finite_snr()
    memory: list[Tensor] = []
    sizes: list[float] = []
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        h = _log_step(trajectory, step)
        h_eta = h * (eta + 1)
        x = (step.next / step.sigma * math.exp(-h * eta)) * x
        correction = _third_order([denoised, *memory], [h, *sizes], h_eta)
        update = -math.expm1(-h_eta) * denoised
        update = update if correction is None else update + correction
        x = x + trajectory.sampling.alpha(step.next) * update
        x = _add_noise(trajectory, x, step, h * eta, s_noise)
        memory, sizes = [denoised, *memory[:1]], [h, *sizes[:1]]
    return x


def _third_order(guesses: list[Tensor], sizes: list[float], h_eta: float) -> Tensor | None:
    """Return what the slope and the bend of past guesses (newest first) add to a step."""
    if len(guesses) == 1:
        return None
    phi_2 = math.expm1(-h_eta) / h_eta + 1
    r0 = sizes[1] / sizes[0]
    d1 = (guesses[0] - guesses[1]) / r0
    if len(guesses) == 2:
        return phi_2 * d1
    r1 = sizes[2] / sizes[0]
    bend = (d1 - (guesses[1] - guesses[2]) / r1) / (r0 + r1)
    return phi_2 * (d1 + bend * r0) - (phi_2 / h_eta - 0.5) * bend


def _log_step(trajectory: Trajectory, step: Step) -> float:
    sampling = trajectory.sampling
    return sampling.half_log_snr(step.next) - sampling.half_log_snr(step.sigma)


def _add_noise(
    trajectory: Trajectory, x: Tensor, step: Step, h_noise: float, s_noise: float
) -> Tensor:
    if h_noise <= 0 or s_noise <= 0:
        return x
    up = step.next * math.sqrt(-math.expm1(-2 * h_noise)) * s_noise
    return x + trajectory.noise(step.sigma, step.next) * up
