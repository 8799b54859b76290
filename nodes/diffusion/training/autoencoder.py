"""Training an autoencoder between pictures and latents (Kingma & Welling 2013, lightly regular)."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from nodes.diffusion.checkpoints import save_checkpoint
from nodes.diffusion.components import AutoEncoder
from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.datasets.random import rng
from nodes.diffusion.training.identity import differing, weights_hash
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.plans import AutoencoderPlan

_LEAST_STD = 1e-4
_MEASURED = 1024
_DECODING = ("decoder.", "post_quant_conv.")


class PictureBatch(NamedTuple):
    """Pictures `[B, 3, H, W]` from -1 to 1, and what their latents are disturbed by."""

    pictures: Tensor
    noise: Tensor


def autoencoder_method(
    autoencoder: AutoEncoder,
    batches: Batches,
    plan: AutoencoderPlan,
    *,
    seed: int,
) -> tuple[Method, AutoEncoder]:
    """Return how to train a copy of an autoencoder, and the copy.

    Args:
        autoencoder: Where to start; it is not changed.
        batches: What to train on.
        plan: What counts.
        seed: Of the noise on the latents.
    """
    original: Any = autoencoder.vae
    vae = copy.deepcopy(original).float().to(memory_format=torch.channels_last)
    trained = dataclasses.replace(autoencoder, vae=vae, dtype=torch.float32)
    channels, downscale = autoencoder.latents.channels, autoencoder.latents.downscale

    def assemble(part: int) -> PictureBatch:
        pictures = batches.pixels(batches.at(part)) * 2 - 1
        count, _, height, width = pictures.shape
        shape = (count, channels, height // downscale, width // downscale)
        noise = torch.randn(shape, generator=rng("posterior", seed, part))
        return PictureBatch(
            pictures.to(autoencoder.device, memory_format=torch.channels_last),
            noise.to(autoencoder.device),
        )

    method = Method(
        name="autoencoder",
        trainable={
            name: parameter
            for name, parameter in vae.named_parameters()
            if not plan.decoder_only or name.startswith(_DECODING)
        },
        networks=[vae],
        assemble=assemble,
        loss=lambda batch: reconstruction_loss(vae, batch, plan),
        base=weights_hash(autoencoder.vae),
        facts={
            "dataset": batches.dataset.manifest.sha256,
            "seen": differing(batches.dataset, without=frozenset({"manifest", "captions"})),
            "objective": differing(plan),
        },
        device=autoencoder.device,
    )
    return method, trained


def reconstruction_loss(vae: Any, batch: PictureBatch, plan: AutoencoderPlan) -> Tensor:
    """Return the weighted sum of the plan's terms, a scalar."""
    posterior = vae.encode(batch.pictures).latent_dist
    mean, variance = posterior.mean.float(), posterior.var.float()
    drawn = vae.decode(mean + variance.sqrt() * batch.noise).sample.float()
    difference = drawn - batch.pictures
    loss = plan.l2 * difference.square().mean() + plan.l1 * difference.abs().mean()
    if plan.gradient:
        down = difference.diff(dim=-2).abs().mean()
        across = difference.diff(dim=-1).abs().mean()
        loss = loss + plan.gradient * (down + across)
    divergence = 0.5 * (mean.square() + variance - 1 - posterior.logvar.float()).mean()
    return loss + plan.kl * divergence


@torch.no_grad()
def latent_statistics(vae: Any, pictures: Iterable[Tensor]) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation of each latent channel, in float64.

    Args:
        vae: The autoencoder.
        pictures: Batches `[B, 3, H, W]` from 0 to 1.
    """
    was = vae.training
    vae.eval()
    moments = [vae.encode(batch * 2 - 1).latent_dist.mean.double() for batch in pictures]
    vae.train(was)
    flat = torch.cat([m.transpose(0, 1).flatten(1) for m in moments], dim=1)
    return flat.mean(1), flat.std(1).clamp_min(_LEAST_STD)


@torch.no_grad()
def normalise_latents(vae: Any, mean: Tensor, std: Tensor) -> None:
    """Make every latent channel of mean 0 and deviation 1 without changing any reconstruction.

    The change goes into the two 1x1 convolutions next to the latents, so that any program that
    reads the file sees an ordinary autoencoder with a scale of 1.

    Args:
        vae: Changed in place; must have both 1x1 convolutions.
        mean: Of each channel before.
        std: Likewise.
    """
    channels = len(mean)
    into, out = vae.quant_conv, vae.post_quant_conv
    weight, bias = into.weight.double(), into.bias.double()
    weight[:channels] /= std[:, None, None, None]
    bias[:channels] = (bias[:channels] - mean) / std
    bias[channels:] -= 2 * std.log()
    into.weight.copy_(weight)
    into.bias.copy_(bias)
    weight = out.weight.double()
    out.bias.add_((weight[:, :, 0, 0] @ mean).to(out.bias))
    out.weight.copy_(weight * std[None, :, None, None])


def write_autoencoder(
    path: Path, autoencoder: AutoEncoder, batches: Batches, *, normalise: bool
) -> None:
    """Write an autoencoder as it is now, with normalised latents if wanted.

    Args:
        path: The file.
        autoencoder: It is not changed.
        batches: Pictures to measure the latents on, in their versions of the first steps.
        normalise: Bring every latent channel to mean 0 and deviation 1.
    """
    original: Any = autoencoder.vae
    vae = copy.deepcopy(original).to(memory_format=torch.contiguous_format)
    if normalise:
        steps = range(max(1, _MEASURED // len(batches.at(0))))
        pictures = (batches.pixels(batches.at(step)).to(autoencoder.device) for step in steps)
        normalise_latents(vae, *latent_statistics(vae, pictures))
    scale = dataclasses.replace(autoencoder.latents, scale=1.0)
    latents = scale if normalise else autoencoder.latents
    save_checkpoint(path, autoencoder=dataclasses.replace(autoencoder, vae=vae, latents=latents))


@torch.no_grad()
def psnr(vae: Any, pictures: Tensor) -> float:
    """Return the mean over pictures of the peak signal-to-noise ratio of their reconstructions.

    Args:
        vae: The autoencoder.
        pictures: `[B, 3, H, W]` from 0 to 1.
    """
    was = vae.training
    vae.eval()
    drawn = vae.decode(vae.encode(pictures * 2 - 1).latent_dist.mean).sample
    vae.train(was)
    error = ((drawn + 1) / 2).clamp(0, 1).sub(pictures).square().mean((1, 2, 3))
    return float((-10 * error.clamp_min(1e-12).log10()).mean())
