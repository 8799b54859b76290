"""How well does an autoencoder keep pictures?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from nodes.diffusion.datasets.augment import Version, compose
from nodes.diffusion.datasets.pictures import Pictures
from nodes.diffusion.evaluation.measure import Measure
from nodes.diffusion.evaluation.painter import decode

if TYPE_CHECKING:
    from nodes.diffusion.components import AutoEncoder


def measure_reconstruction(autoencoder: AutoEncoder, pictures: Pictures) -> Measure:
    """Return the mean PSNR in dB of pictures, on white, after encoding and decoding.

    Args:
        autoencoder: To be judged.
        pictures: Of one size; best such as its training never saw.
    """
    records = pictures.manifest.records
    drawings = compose(pictures.of(range(len(records))), [Version()] * len(records))
    made = reconstruct(autoencoder, drawings)
    decibels = psnr(made, drawings)
    return Measure(
        name="reconstruction",
        value=float(decibels.mean()),
        facts={"count": len(records), "unit": "dB", "worst": round(float(decibels.min()), 2)},
        shown=[
            (torch.cat([drawings[i], made[i]], dim=2), f"{decibels[i]:.1f} dB {record.caption}")
            for i, record in enumerate(records)
        ],
    )


@torch.no_grad()
def reconstruct(autoencoder: AutoEncoder, pictures: Tensor, *, batch: int = 32) -> Tensor:
    """Return what the autoencoder makes of pictures when it takes the likeliest latent."""
    vae: Any = autoencoder.vae
    made: list[Tensor] = []
    for some in pictures.split(batch):
        pixels = (some * 2 - 1).to(autoencoder.device, autoencoder.dtype)
        made.append(decode(autoencoder, vae.encode(pixels).latent_dist.mode()))
    return torch.cat(made)


def psnr(pictures: Tensor, references: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio of each picture in decibels, of a range of 0 to 1."""
    error = (pictures - references).square().flatten(1).mean(1).clamp_min(1e-10)
    return -10 * error.log10()
