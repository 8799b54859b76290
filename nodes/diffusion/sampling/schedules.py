"""Schedules: which noise levels a run visits, from the most noise to none.

In single precision throughout: samplers that follow a Brownian path feel the last bit of a level.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.stats import beta as beta_distribution

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.names import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from nodes.diffusion.sampling.model_sampling import ModelSampling

_ONE_MORE_STEP = frozenset({"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"})
"""Samplers that leave out the last level before zero, and so need one more."""


def simple(sampling: ModelSampling, steps: int) -> Tensor:
    """Take table entries at even distances, counted from the most noise."""
    table = sampling.levels.sigmas
    indices = [-(1 + int(i * len(table) / steps)) for i in range(steps)]
    return _with_zero(table[indices])


def sgm_uniform(sampling: ModelSampling, steps: int) -> Tensor:
    """Take even timesteps, leaving out the last one."""
    return _with_zero(_at_timesteps(sampling, steps + 1)[:-1])


def normal(sampling: ModelSampling, steps: int) -> Tensor:
    """Take even timesteps from the first to the last."""
    least = sampling.levels.sigma(sampling.levels.timestep(sampling.sigma_min))
    if math.isclose(least, 0.0, abs_tol=1e-5):
        return _at_timesteps(sampling, steps + 1)
    return _with_zero(_at_timesteps(sampling, steps))


def karras(steps: int, sigma_min: float, sigma_max: float, rho: float = 7.0) -> Tensor:
    """Karras et al. 2022, equation 5."""
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    ramp = torch.linspace(0, 1, steps)
    return _with_zero((high + ramp * (low - high)) ** rho)


def exponential(steps: int, sigma_min: float, sigma_max: float) -> Tensor:
    """Take even logarithms."""
    return _with_zero(torch.linspace(math.log(sigma_max), math.log(sigma_min), steps).exp())


def polyexponential(steps: int, sigma_min: float, sigma_max: float, rho: float = 1.0) -> Tensor:
    """Take logarithms along a power curve; `rho` 1 is `exponential`."""
    ramp = torch.linspace(1, 0, steps) ** rho
    low, high = math.log(sigma_min), math.log(sigma_max)
    return _with_zero((ramp * (high - low) + low).exp())


def laplace(
    steps: int, sigma_min: float, sigma_max: float, mu: float = 0.0, spread: float = 0.5
) -> Tensor:
    """Take quantiles of a Laplace distribution of the log level (Hang et al. 2024)."""
    x = torch.linspace(0, 1, steps)
    quantile = mu - spread * torch.sign(0.5 - x) * torch.log(1 - 2 * (0.5 - x).abs() + 1e-5)
    return _with_zero(quantile.exp().clamp(sigma_min, sigma_max))


def variance_preserving(steps: int, beta_d: float, beta_min: float, eps_s: float) -> Tensor:
    """Take even times of the continuous variance-preserving process (Song et al. 2021)."""
    t = torch.linspace(1, eps_s, steps)
    return _with_zero((beta_d * t**2 / 2 + beta_min * t).expm1().sqrt())


def ddim_uniform(sampling: ModelSampling, steps: int) -> Tensor:
    """Take every k-th table entry from the second on; may give more levels than asked for."""
    table = sampling.levels.sigmas
    stride = max(len(table) // steps, 1)
    return _with_zero(table[1::stride].flip(0))


def beta(sampling: ModelSampling, steps: int, a: float = 0.6, b: float = 0.6) -> Tensor:
    """Take quantiles of a beta distribution of the timestep (Lee et al. 2024)."""
    table = sampling.levels.sigmas
    quantiles = 1 - np.linspace(0, 1, steps, endpoint=False)
    indices = np.rint(beta_distribution.ppf(quantiles, a, b) * (len(table) - 1)).astype(int)
    distinct = dict.fromkeys(indices.tolist())
    return _with_zero(table[list(distinct)])


def linear_quadratic(sampling: ModelSampling, steps: int, threshold: float = 0.025) -> Tensor:
    """Go linearly through the first 2.5 % of the noise, then quadratically (Polyak et al. 2024)."""
    if steps == 1:
        return _with_zero(torch.tensor([sampling.sigma_max]))
    linear = steps // 2
    quadratic = steps - linear
    gap = linear - threshold * steps
    curve = gap / (linear * quadratic**2)
    slope = threshold / linear - 2 * gap / quadratic**2
    late = [curve * i**2 + slope * i + curve * linear**2 for i in range(linear, steps)]
    done = [threshold * i / linear for i in range(linear)] + late
    return _with_zero(torch.tensor([(1 - d) * sampling.sigma_max for d in done]))


def kl_optimal(steps: int, sigma_min: float, sigma_max: float) -> Tensor:
    """Take even arc tangents (Sabour et al. 2024, appendix); one step is the greatest level."""
    if steps == 1:
        return _with_zero(torch.tensor([sigma_max]))
    r = torch.arange(steps, dtype=torch.float32) / (steps - 1)
    angles = r * math.atan(sigma_min) + (1 - r) * math.atan(sigma_max)
    return _with_zero(angles.tan())


def schedule(sampling: ModelSampling, name: str, steps: int) -> Tensor:
    """Return the levels of a named schedule, float32, falling, with 0 at the end.

    Args:
        sampling: The model's levels.
        name: One of `SCHEDULES`.
        steps: At least 1; the result has one more entry (a few schedules round).

    Raises:
        DiffusionError: No schedule has this name.
    """
    if name not in _BY_NAME:
        raise DiffusionError(f"no schedule is called {name!r}; there are {', '.join(SCHEDULES)}")
    return _BY_NAME[name](sampling, steps)


def partial_schedule(sampling: ModelSampling, name: str, steps: int, denoise: float) -> Tensor:
    """Return the last `steps` steps of a schedule stretched to `steps / denoise` steps.

    Args:
        sampling: The model's levels.
        name: One of `SCHEDULES`.
        steps: Steps to run.
        denoise: Fraction of the noise to start from; 0 gives no levels at all.
    """
    if denoise > 0.9999:
        return schedule(sampling, name, steps)
    if denoise <= 0.0:
        return torch.empty(0)
    return schedule(sampling, name, int(steps / denoise))[-(steps + 1) :]


def sampler_schedule(
    sampling: ModelSampling, sampler: str, name: str, steps: int, denoise: float = 1.0
) -> Tensor:
    """Return the levels for a sampler: some samplers skip the last level before zero.

    Args:
        sampling: The model's levels.
        sampler: One of `SAMPLERS`.
        name: One of `SCHEDULES`.
        steps: Steps to run.
        denoise: Fraction of the noise to start from.
    """
    if sampler not in _ONE_MORE_STEP or denoise <= 0.0:
        return partial_schedule(sampling, name, steps, denoise)
    total = steps if denoise > 0.9999 else int(steps / denoise)
    levels = schedule(sampling, name, total + 1)
    return torch.cat([levels[:-2], levels[-1:]])[-(steps + 1) :]


def cut(sigmas: Tensor, *, start: int = 0, end: int | None = None, finish: bool = False) -> Tensor:
    """Return a window of a schedule; empty where nothing is left to do.

    Args:
        sigmas: The whole schedule.
        start: First step to run.
        end: Step to stop before; None runs to the end.
        finish: Go to zero noise in the last kept step.
    """
    if end is not None and end < len(sigmas) - 1:
        sigmas = sigmas[: end + 1].clone()
        if finish:
            sigmas[-1] = 0
    return sigmas[start:] if start < len(sigmas) - 1 else torch.empty(0)


def _with_zero(levels: Tensor) -> Tensor:
    return torch.cat([levels.float(), torch.zeros(1)])


def _at_timesteps(sampling: ModelSampling, count: int) -> Tensor:
    levels = sampling.levels
    first, last = levels.timestep(sampling.sigma_max), levels.timestep(sampling.sigma_min)
    return torch.tensor([levels.sigma(t) for t in torch.linspace(first, last, count).tolist()])


def _between_extremes(
    make: Callable[[int, float, float], Tensor],
) -> Callable[[ModelSampling, int], Tensor]:
    return lambda sampling, steps: make(steps, sampling.sigma_min, sampling.sigma_max)


_BY_NAME: Mapping[str, Callable[[ModelSampling, int], Tensor]] = {
    "simple": simple,
    "sgm_uniform": sgm_uniform,
    "karras": _between_extremes(karras),
    "exponential": _between_extremes(exponential),
    "ddim_uniform": ddim_uniform,
    "beta": beta,
    "normal": normal,
    "linear_quadratic": linear_quadratic,
    "kl_optimal": _between_extremes(kl_optimal),
}
