"""What the network is asked to say, and how its answers at different noise levels are weighed.

With `signal` = alpha-bar of a timestep, a noisy latent is sqrt(signal) x + sqrt(1 - signal) noise.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor
from torch.nn import functional

from nodes.diffusion.datasets.random import rng
from nodes.diffusion.handles import Prediction
from nodes.diffusion.sampling.model_sampling import DiscreteLevels, stable_diffusion_betas
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import LOSSES, TIMESTEP_DRAWS, WEIGHTINGS, ObjectivePlan

_LARGEST_SNR = 1000.0
_LEAST_SNR = 1e-4


@functools.cache
def signal_levels(*, zero_terminal_snr: bool = False) -> Tensor:
    """Return alpha-bar of each of Stable Diffusion's 1000 timesteps, float32."""
    betas = stable_diffusion_betas()
    sigmas = DiscreteLevels.from_betas(betas, zero_terminal_snr=zero_terminal_snr).sigmas
    return 1 / (1 + sigmas.square())


def check_objective(plan: ObjectivePlan) -> None:
    """Refuse a plan that cannot be followed.

    Raises:
        TrainingError: It names no loss, weighting or draw, or an empty range of timesteps.
    """
    for value, known in (
        (plan.loss, LOSSES),
        (plan.weighting, WEIGHTINGS),
        (plan.timesteps, TIMESTEP_DRAWS),
    ):
        if value not in known:
            raise TrainingError(
                "no such part of an objective", expected=", ".join(known), got=value
            )
    if not 0 <= plan.first <= plan.last < len(signal_levels()):
        raise TrainingError(
            "an empty range of timesteps",
            expected="0 <= first <= last <= 999",
            got=f"{plan.first} to {plan.last}",
        )


def draw_timesteps(plan: ObjectivePlan, count: int, seed: int, part: int) -> Tensor:
    """Return timesteps of a batch, int64 `[count]`.

    Args:
        plan: Their range and distribution; the logit-normal one is that of Esser et al. 2024.
        count: Samples of the batch.
        seed: Of the run.
        part: Number of the batch within the run.
    """
    generator = rng("timesteps", seed, part)
    if plan.timesteps == "uniform":
        place = torch.rand(count, generator=generator)
    else:
        place = torch.sigmoid(torch.randn(count, generator=generator) + plan.shift)
    width = plan.last - plan.first + 1
    return plan.first + (place * width).long().clamp_max(width - 1)


def draw_noise(plan: ObjectivePlan, shape: tuple[int, ...], seed: int, part: int) -> Tensor:
    """Return the noise of a batch `[B, C, h, w]`, made on the CPU so that all devices agree."""
    noise = torch.randn(shape, generator=rng("noise", seed, part))
    if plan.noise_offset:
        offset = torch.randn((*shape[:2], 1, 1), generator=rng("noise offset", seed, part))
        noise += plan.noise_offset * offset
    return noise


def add_noise(latents: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
    """Return noisy latents; `signal` is `[B]`."""
    level = signal.view(-1, *[1] * (latents.ndim - 1))
    return level.sqrt() * latents + (1 - level).sqrt() * noise


def target(prediction: Prediction, latents: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
    """Return what the network should say.

    Raises:
        TrainingError: Models that predict a flow are not trained here.
    """
    if prediction == "epsilon":
        return noise
    if prediction == "sample":
        return latents
    if prediction == "v_prediction":
        level = signal.view(-1, *[1] * (latents.ndim - 1))
        return level.sqrt() * noise - (1 - level).sqrt() * latents
    raise TrainingError("models with this prediction cannot be trained", got=prediction)


def weights(plan: ObjectivePlan, prediction: Prediction, signal: Tensor) -> Tensor:
    """Return the weight of each sample's loss `[B]`, finite at every noise level.

    `min_snr` is Hang et al. 2023 in the form of each prediction (for epsilon
    min(1, gamma / snr), which has no 0 / 0 at pure noise); `debiased` is Yu et al. 2023.
    """
    if plan.weighting == "none":
        return torch.ones_like(signal)
    snr = signal / (1 - signal)
    if plan.weighting == "min_snr":
        capped = snr.clamp_max(plan.gamma)
        by_prediction = {
            "epsilon": (plan.gamma / snr).clamp_max(1.0),
            "v_prediction": capped / (snr + 1),
            "sample": capped,
        }
        return by_prediction[prediction]
    bounded = snr.clamp(_LEAST_SNR, _LARGEST_SNR)
    return 1 / (bounded + 1) if prediction == "v_prediction" else bounded.rsqrt()


def sample_losses(plan: ObjectivePlan, said: Tensor, wanted: Tensor) -> Tensor:
    """Return the loss of each sample `[B]`, the mean over its latent."""
    if plan.loss == "l2":
        loss = (said - wanted).square()
    elif plan.loss == "l1":
        loss = (said - wanted).abs()
    elif plan.loss == "huber":
        loss = functional.huber_loss(said, wanted, reduction="none", delta=plan.huber)
    else:
        loss = functional.smooth_l1_loss(said, wanted, reduction="none", beta=plan.huber)
    return loss.flatten(1).mean(1)
