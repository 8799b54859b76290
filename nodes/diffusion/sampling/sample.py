"""The whole of sampling in one call: from a latent and conditioning to a new latent."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling import conditioning as conditions
from nodes.diffusion.sampling.denoiser import Network
from nodes.diffusion.sampling.guidance import DoublyGuided, Guided
from nodes.diffusion.sampling.inpaint import Inpainting, Opening, fit_mask
from nodes.diffusion.sampling.model_sampling import model_sampling
from nodes.diffusion.sampling.noise import initial_noise
from nodes.diffusion.sampling.request import Guidance, Method
from nodes.diffusion.sampling.samplers.registry import find
from nodes.diffusion.sampling.schedules import sampler_schedule
from nodes.diffusion.sampling.trajectory import Moment, Trajectory

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.sampling.request import Conditioning
    from nodes.diffusion.sampling.samplers.registry import Sampler
    from nodes.diffusion.sampling.trajectory import Callback, Denoiser


def fit_channels(latent: Tensor, channels: int) -> Tensor:
    """Return an empty latent with the channels of a model; other latents must have them already.

    Raises:
        DiffusionError: The latent is not empty and has another number of channels.
    """
    if latent.shape[1] == channels:
        return latent
    if torch.count_nonzero(latent):
        raise DiffusionError(
            "the latent does not fit the model",
            expected=f"{channels} channels",
            got=f"{latent.shape[1]} channels",
            hint="encode and decode with the VAE that belongs to the model",
        )
    return latent.new_zeros(latent.shape[0], channels, *latent.shape[2:])


def plan(
    diffusion: Diffusion, *, sampler: str, schedule: str, steps: int, denoise: float = 1.0
) -> Tensor:
    """Return the noise levels for a sampler, float32 [steps + 1].

    Args:
        diffusion: The model.
        sampler: One of `names.SAMPLERS`.
        schedule: One of `names.SCHEDULES`.
        steps: Steps to run.
        denoise: Fraction of the noise to start from.
    """
    return sampler_schedule(model_sampling(diffusion), sampler, schedule, steps, denoise)


def sample(
    diffusion: Diffusion,
    *,
    noise: Tensor,
    latent: Tensor,
    positive: Conditioning,
    negative: Conditioning,
    cfg: float,
    sampler: str,
    sigmas: Tensor,
    seed: int,
    noise_mask: Tensor | None = None,
    callback: Callback | None = None,
) -> Tensor:
    """Return a new latent by plain classifier-free guidance; see `sample_guided` for the rest.

    Args:
        diffusion: The model.
        noise: Noise of unit variance in the shape of the latent.
        latent: What to start from, in the autoencoder's scale.
        positive: Conditioning to follow.
        negative: Conditioning to avoid.
        cfg: Strength of the guidance.
        sampler: One of `names.SAMPLERS`.
        sigmas: Falling noise levels, from `plan`.
        seed: Of the noise that some samplers add per step.
        noise_mask: Where to change the latent.
        callback: Told once per step.
    """
    return sample_guided(
        diffusion,
        noise=noise,
        latent=latent,
        guidance=Guidance(positive=positive, negative=negative, cfg=cfg),
        method=Method(name=sampler),
        sigmas=sigmas,
        seed=seed,
        noise_mask=noise_mask,
        callback=callback,
    )


@torch.no_grad()
def sample_guided(
    diffusion: Diffusion,
    *,
    noise: Tensor,
    latent: Tensor,
    guidance: Guidance,
    method: Method,
    sigmas: Tensor,
    seed: int,
    noise_mask: Tensor | None = None,
    callback: Callback | None = None,
) -> Tensor:
    """Return a new latent. The same arguments give the same bits on the same machine.

    Args:
        diffusion: The model.
        noise: Noise of unit variance in the shape of the latent; zeros continue an earlier run.
        latent: What to start from [B, C, h, w], in the autoencoder's scale; zeros make a new one.
        guidance: Conditioning and its strength.
        method: The sampler.
        sigmas: Falling noise levels; fewer than two return the latent unchanged.
        seed: Of the noise that some samplers add per step.
        noise_mask: Where to change the latent (1), at any size; None changes it everywhere.
        callback: Told once per step; may raise to stop the run.

    Returns:
        The latent in the autoencoder's scale, float32 on the CPU [B, C, h, w].

    Raises:
        DiffusionError: No sampler has this name, the levels do not suit it, or the latent has the
            wrong number of channels.
    """
    sampler = find(method.name)
    if len(sigmas) < 2:
        return latent
    network = Network.of(diffusion)
    device, scale = diffusion.device, diffusion.latents.scale
    start = fit_channels(latent, diffusion.latents.channels).to(device, torch.float32) * scale
    noise = noise.to(device, torch.float32)
    mask = None if noise_mask is None else fit_mask(noise_mask, tuple(start.shape)).to(device)
    denoiser = _denoiser(network, guidance, tuple(start.shape), mask)
    levels = _levels(sigmas, sampler)
    if mask is not None:
        opening = _opening(network, mask, levels)
        denoiser = Inpainting(denoiser, opening, start, _outer_noise(sampler, noise, seed))
    pure = network.sampling.starts_from_pure_noise(levels[0])
    x = network.sampling.add_noise(start, noise, levels[0], from_pure_noise=pure)
    told = None if callback is None else _paced(callback, device)
    source = sampler.step_noise(x, levels, seed)
    x = sampler.update(Trajectory(denoiser, levels, source, told), x, **method.options)
    return (network.sampling.remove_scale(x, levels[-1]) / scale).cpu()


def _levels(sigmas: Tensor, sampler: Sampler) -> tuple[float, ...]:
    levels = [float(sigma) for sigma in sigmas]
    if sampler.last_sigma is not None and levels[-1] == 0:
        levels[-1] = sampler.last_sigma
    pairs = list(pairwise(levels))
    moving = all(a > b if sampler.falling else a != b for a, b in pairs)
    if not (moving and all(a > 0 for a, _ in pairs) and math.isfinite(sum(levels))):
        raise DiffusionError(
            "the noise levels do not suit the sampler",
            expected="falling levels above zero, of which only the last may be zero",
            got=", ".join(f"{level:.6g}" for level in levels),
            hint="take fewer steps or another schedule",
        )
    return tuple(levels)


def _denoiser(
    network: Network, guidance: Guidance, shape: tuple[int, ...], mask: Tensor | None
) -> Denoiser:
    small = None if mask is None else mask[:, :1].cpu()
    target = conditions.Target(network.diffusion, network.sampling, shape, small)
    positive, negative = conditions.prepare(guidance.positive, guidance.negative, target)
    if not guidance.second:
        rescale = network.diffusion.rescale_cfg
        return Guided(network, positive, negative, guidance.cfg, rescale)
    if network.diffusion.rescale_cfg:
        raise DiffusionError(
            "RescaleCFG does not go together with guidance by two conditionings",
            hint="take RescaleCFG or the guider with two conditionings away",
        )
    second, _ = conditions.prepare(guidance.second, guidance.negative, target)
    return DoublyGuided(
        network, positive, second, negative, guidance.cfg, guidance.cfg_second, guidance.nested
    )


def _opening(network: Network, mask: Tensor, levels: tuple[float, ...]) -> Opening:
    strength = network.diffusion.gradual_mask
    if strength is None:
        return Opening(mask)
    sampling = network.sampling
    times = [sampling.levels.timestep(level) for level in levels]
    least = sampling.levels.timestep(max(levels[-1], sampling.sigma_min))
    return Opening(mask, sampling.levels, first=times[0], last=least, strength=strength)


def _outer_noise(sampler: Sampler, noise: Tensor, seed: int) -> Tensor:
    if not sampler.fresh_inpaint_noise:
        return noise
    return initial_noise(noise.cpu(), (seed + 1) % 2**64).to(noise.device)


def _paced(callback: Callback, device: torch.device) -> Callback:
    """Let the host run at most one step ahead of the device.

    Otherwise progress would be told, and an interrupt heeded, long before the work is done.
    """
    if device.type != "cuda":
        return callback
    pending: list[torch.cuda.Event] = []

    def told(moment: Moment) -> None:
        if pending:
            pending.pop().synchronize()
        event = torch.cuda.Event()
        event.record()
        pending.append(event)
        callback(moment)

    return told
