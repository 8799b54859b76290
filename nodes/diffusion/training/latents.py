"""Latents of a data set's pictures, computed once and kept by what decides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from nodes.diffusion.components import AutoEncoder
from nodes.diffusion.datasets.batches import Batches, Sample
from nodes.diffusion.datasets.blobs import Blobs, blob_key
from nodes.diffusion.training.identity import weights_hash

_ENCODER_VERSION = 1
_CHUNK = 1024


class Latents:
    """Posteriors of pictures: mean and deviation are kept, so that every step draws anew.

    Args:
        autoencoder: Makes them.
        batches: Draws the pictures.
        folder: Where they are kept between runs.
    """

    def __init__(self, autoencoder: AutoEncoder, batches: Batches, folder: Path) -> None:
        self._autoencoder = autoencoder
        self._batches = batches
        weights = weights_hash(autoencoder.vae)
        self.identity = blob_key(weights, autoencoder.latents.scale, _ENCODER_VERSION)
        self._blobs = Blobs(folder / weights[:16])

    def fill(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Compute what is not kept yet, for data sets with a fixed number of versions.

        Args:
            progress: Told how many are done, and how many there are to do.
        """
        self._fill(self._batches.variants(), progress)

    def draw(self, samples: Sequence[Sample], generator: torch.Generator) -> Tensor:
        """Return latents of samples of one bucket `[B, C, h, w]`, drawn from their posteriors.

        They are in the network's scale, on the CPU.
        """
        moments = torch.stack(self._moments(samples)).float()
        mean, deviation = moments.chunk(2, dim=1)
        noise = torch.randn(mean.shape, generator=generator)
        return (mean + deviation * noise) * self._autoencoder.latents.scale

    def _moments(self, samples: Sequence[Sample]) -> Sequence[Tensor]:
        if not self._batches.dataset.augment.variants:
            return list(self._encode(samples))
        keys = [self._key(sample) for sample in samples]
        try:
            return [self._blobs[key] for key in keys]
        except KeyError:
            self._fill(samples, None)
            return [self._blobs[key] for key in keys]

    def _fill(self, samples: Sequence[Sample], progress: Callable[[int, int], None] | None) -> None:
        wanted = {self._key(sample): sample for sample in samples}
        self._blobs.fill(wanted, self._encode, chunk=_CHUNK, progress=progress)

    def _key(self, sample: Sample) -> str:
        return blob_key(self.identity, sample.key)

    @torch.no_grad()
    def _encode(self, samples: Sequence[Sample]) -> Tensor:
        """Return mean and deviation of each sample, one after the other on the channel axis.

        Each picture is encoded by itself, so that its latent does not depend on its company.
        """
        pictures = self._batches.pixels(samples).to(self._autoencoder.device) * 2 - 1
        rows: list[Tensor] = []
        for picture in pictures.split(1):
            posterior = self._autoencoder.vae.encode(picture).latent_dist
            rows.append(torch.cat([posterior.mean, posterior.std], dim=1).cpu())
        return torch.cat(rows)
