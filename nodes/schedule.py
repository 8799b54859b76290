"""Noise levels as values: made by a schedule, cut, turned round."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, NamedTuple

from engine import Choice, Context, Number, Output, node
from nodes.diffusion.sampling.names import SCHEDULES
from nodes.library_errors import blaming
from nodes.sampling_run import residency
from nodes.types import Model, Sigmas

CATEGORY = "sampling/custom_sampling/schedulers"
SIGMAS = "sampling/custom_sampling/sigmas"
Steps = Annotated[int, Number(1, 10_000)]
Level = Annotated[float, Number(0.0, 5000.0, step=0.01)]
Fraction = Annotated[float, Number(0.0, 1.0, step=0.01)]
_NOT_QUITE_ZERO = 0.0001
_TURBO_STEPS = 10
_SPACINGS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "cosine": lambda x: math.sin(x * math.pi / 2),
    "sine": lambda x: 1 - math.cos(x * math.pi / 2),
}


@node("BasicScheduler", category=CATEGORY)
def basic_scheduler(
    *,
    model: Model,
    scheduler: Annotated[str, Choice(SCHEDULES)],
    steps: Steps = 20,
    denoise: Fraction = 1.0,
    context: Context,
) -> Sigmas:
    """Space noise levels as a sampler with this schedule would.

    Args:
        model: The model whose noise levels are taken.
        scheduler: How they are spaced.
        steps: Steps to run.
        denoise: Fraction of the noise to start from.
    """
    from nodes.diffusion.sampling.model_sampling import model_sampling
    from nodes.diffusion.sampling.schedules import partial_schedule

    with blaming("model"), residency(context).diffusion(model) as diffusion:
        return partial_schedule(model_sampling(diffusion), scheduler, steps, denoise)


@node("BetaSamplingScheduler", category=CATEGORY)
def beta_scheduler(
    *,
    model: Model,
    steps: Steps = 20,
    alpha: Annotated[float, Number(0.0, 50.0, step=0.01)] = 0.6,
    beta: Annotated[float, Number(0.0, 50.0, step=0.01)] = 0.6,
    context: Context,
) -> Sigmas:
    """Space noise levels by a beta distribution of the timestep.

    Args:
        model: The model whose noise levels are taken.
        steps: Steps to run.
        alpha: Below 1: more steps at high noise.
        beta: Below 1: more steps at low noise.
    """
    from nodes.diffusion.sampling import schedules
    from nodes.diffusion.sampling.model_sampling import model_sampling

    with blaming("model"), residency(context).diffusion(model) as diffusion:
        return schedules.beta(model_sampling(diffusion), steps, alpha, beta)


@node("SDTurboScheduler", category=CATEGORY)
def sd_turbo_scheduler(
    *,
    model: Model,
    steps: Annotated[int, Number(1, _TURBO_STEPS)] = 1,
    denoise: Annotated[float, Number(0, 1.0, step=0.01)] = 1.0,
    context: Context,
) -> Sigmas:
    """Take the noise levels that turbo models were distilled for: tenths of the timesteps.

    Args:
        model: The model whose noise levels are taken.
        steps: Steps to run.
        denoise: Fraction of the noise to start from.
    """
    import torch

    from nodes.diffusion.sampling.model_sampling import model_sampling

    first = _TURBO_STEPS - int(_TURBO_STEPS * denoise)
    timesteps = [100 * k - 1 for k in range(_TURBO_STEPS, 0, -1)][first : first + steps]
    with blaming("model"), residency(context).diffusion(model) as diffusion:
        levels = model_sampling(diffusion).levels
        return torch.tensor([*(levels.sigma(t) for t in timesteps), 0.0])


@node("KarrasScheduler", category=CATEGORY)
def karras_scheduler(
    *,
    steps: Steps = 20,
    sigma_max: Level = 14.614642,
    sigma_min: Level = 0.0291675,
    rho: Annotated[float, Number(0.0, 100.0, step=0.01)] = 7.0,
) -> Sigmas:
    """Space noise levels evenly in their `rho`-th root.

    Args:
        steps: Steps to run.
        sigma_max: First level.
        sigma_min: Last level before zero.
        rho: Higher: more steps at low noise.
    """
    from nodes.diffusion.sampling import schedules

    return schedules.karras(steps, sigma_min, sigma_max, rho)


@node("ExponentialScheduler", category=CATEGORY)
def exponential_scheduler(
    *, steps: Steps = 20, sigma_max: Level = 14.614642, sigma_min: Level = 0.0291675
) -> Sigmas:
    """Space noise levels evenly in their logarithm.

    Args:
        steps: Steps to run.
        sigma_max: First level.
        sigma_min: Last level before zero.
    """
    from nodes.diffusion.sampling import schedules

    return schedules.exponential(steps, sigma_min, sigma_max)


@node("PolyexponentialScheduler", category=CATEGORY)
def polyexponential_scheduler(
    *,
    steps: Steps = 20,
    sigma_max: Level = 14.614642,
    sigma_min: Level = 0.0291675,
    rho: Annotated[float, Number(0.0, 100.0, step=0.01)] = 1.0,
) -> Sigmas:
    """Space noise levels along a power curve of their logarithm.

    Args:
        steps: Steps to run.
        sigma_max: First level.
        sigma_min: Last level before zero.
        rho: 1 is the exponential schedule; higher: more steps at low noise.
    """
    from nodes.diffusion.sampling import schedules

    return schedules.polyexponential(steps, sigma_min, sigma_max, rho)


@node("LaplaceScheduler", category=CATEGORY)
def laplace_scheduler(
    *,
    steps: Steps = 20,
    sigma_max: Level = 14.614642,
    sigma_min: Level = 0.0291675,
    mu: Annotated[float, Number(-10.0, 10.0, step=0.1)] = 0.0,
    beta: Annotated[float, Number(0.0, 10.0, step=0.1)] = 0.5,
) -> Sigmas:
    """Space noise levels by a Laplace distribution of their logarithm.

    Args:
        steps: Steps to run.
        sigma_max: No level is higher.
        sigma_min: No level but the last is lower.
        mu: Middle of the distribution.
        beta: Its spread.
    """
    from nodes.diffusion.sampling import schedules

    return schedules.laplace(steps, sigma_min, sigma_max, mu, beta)


@node("VPScheduler", category=CATEGORY)
def vp_scheduler(
    *,
    steps: Steps = 20,
    beta_d: Level = 19.9,
    beta_min: Level = 0.1,
    eps_s: Annotated[float, Number(0.0, 1.0, step=0.0001)] = 0.001,
) -> Sigmas:
    """Space noise levels evenly in the time of a variance-preserving process.

    Args:
        steps: Steps to run.
        beta_d: How fast the rate of noise grows.
        beta_min: The rate at time 0.
        eps_s: Time of the last level before zero.
    """
    from nodes.diffusion.sampling import schedules

    return schedules.variance_preserving(steps, beta_d, beta_min, eps_s)


class Halves(NamedTuple):
    """Two parts of a schedule that share the level between them."""

    high_sigmas: Sigmas
    low_sigmas: Sigmas


@node("SplitSigmas", category=SIGMAS)
def split_sigmas(*, sigmas: Sigmas, step: Annotated[int, Number(0, 10_000)] = 0) -> Halves:
    """Split a schedule at a step.

    Args:
        sigmas: The schedule.
        step: First step of the second part.
    """
    return Halves(sigmas[: step + 1], sigmas[step:])


@node("SplitSigmasDenoise", category=SIGMAS)
def split_sigmas_denoise(*, sigmas: Sigmas, denoise: Fraction = 1.0) -> Halves:
    """Split a schedule at a fraction of its steps, counted from the end.

    Args:
        sigmas: The schedule.
        denoise: Fraction of the steps that the second part gets.
    """
    last = max(len(sigmas) - 1, 0)
    split = last - round(last * denoise)
    return Halves(sigmas[: split + 1], sigmas[split:])


@node("FlipSigmas", category=SIGMAS)
def flip_sigmas(*, sigmas: Sigmas) -> Sigmas:
    """Turn a schedule round, to find the noise that leads to a picture.

    Args:
        sigmas: The schedule.
    """
    flipped = sigmas.flip(0)
    if len(flipped) and flipped[0] == 0:
        flipped[0] = _NOT_QUITE_ZERO
    return flipped


@node("SetFirstSigma", category=SIGMAS)
def set_first_sigma(
    *, sigmas: Sigmas, sigma: Annotated[float, Number(0.0, 20000.0, step=0.001)] = 136.0
) -> Sigmas:
    """Replace the first level of a schedule.

    Args:
        sigmas: The schedule.
        sigma: Its new first level.
    """
    changed = sigmas.clone()
    changed[0] = sigma
    return changed


@node("ExtendIntermediateSigmas", category=SIGMAS)
def extend_intermediate_sigmas(
    *,
    sigmas: Sigmas,
    steps: Annotated[int, Number(1, 100)] = 2,
    start_at_sigma: Annotated[float, Number(-1.0, 20000.0, step=0.01)] = -1.0,
    end_at_sigma: Annotated[float, Number(0.0, 20000.0, step=0.01)] = 12.0,
    spacing: Annotated[str, Choice(tuple(_SPACINGS))],
) -> Sigmas:
    """Put more levels between those of a schedule.

    Args:
        sigmas: The schedule.
        steps: Steps to make of each old step.
        start_at_sigma: Steps from higher levels stay as they are; below 0 there is no limit.
        end_at_sigma: Steps from lower levels stay as they are.
        spacing: How the new levels lie between the old ones.
    """
    import torch

    limit = math.inf if start_at_sigma < 0 else start_at_sigma
    between = [_SPACINGS[spacing](k / steps) for k in range(1, steps)]
    levels: list[float] = []
    old = [float(sigma) for sigma in sigmas]
    for sigma, following in pairwise(old):
        levels.append(sigma)
        if end_at_sigma <= sigma <= limit:
            levels += [sigma + part * (following - sigma) for part in between]
    return torch.tensor([*levels, *old[-1:]])


@node("SamplingPercentToSigma", category=SIGMAS)
def sampling_percent_to_sigma(
    *,
    model: Model,
    sampling_percent: Annotated[float, Number(0.0, 1.0, step=0.0001)] = 0.0,
    return_actual_sigma: bool = False,
    context: Context,
) -> Annotated[float, Output("sigma_value")]:
    """Return the noise level at a fraction of the way from pure noise to none.

    Args:
        model: The model whose noise levels are taken.
        sampling_percent: 0 is pure noise, 1 is none.
        return_actual_sigma: At the ends, return the model's own levels and not values beyond them.
    """
    from nodes.diffusion.sampling.model_sampling import model_sampling

    with blaming("model"), residency(context).diffusion(model) as diffusion:
        sampling = model_sampling(diffusion)
        if return_actual_sigma and sampling_percent <= 0.0:
            return sampling.sigma_max
        if return_actual_sigma and sampling_percent >= 1.0:
            return sampling.sigma_min
        return sampling.levels.percent_to_sigma(sampling_percent)
