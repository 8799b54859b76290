"""Latents of a data set's pictures, computed once and kept by what decides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nodes.diffusion.components import AutoEncoder
from nodes.diffusion.datasets.batches import Batches, Sample
from nodes.diffusion.datasets.blobs import Blobs, blob_key
from nodes.diffusion.training.identity import weights_hash

_ENCODER_VERSION = 1
_RECORDS_AT_ONCE = 256


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
        if not self._versions:
            return
        wanted = {self._key(sample): sample for sample in self._batches.variants()}
        chunk = self._versions * _RECORDS_AT_ONCE
        self._blobs.fill(wanted, self._encode_records, chunk=chunk, progress=progress)

    def draw(self, samples: Sequence[Sample], generator: torch.Generator) -> Tensor:
        """Return latents of samples of one bucket `[B, C, h, w]`, drawn from their posteriors.

        They are in the network's scale, on the CPU.
        """
        mean, deviation = self._moments(samples).float().chunk(2, dim=1)
        noise = torch.randn(mean.shape, generator=generator)
        return (mean + deviation * noise) * self._autoencoder.latents.scale

    @property
    def _versions(self) -> int:
        return self._batches.dataset.augment.variants

    def _moments(self, samples: Sequence[Sample]) -> Tensor:
        if not self._versions:
            return self._encode(samples)
        keys = [self._key(sample) for sample in samples]
        try:
            kept = [self._blobs[key] for key in keys]
        except KeyError:
            self.fill()
            kept = [self._blobs[key] for key in keys]
        return torch.stack(kept)

    def _key(self, sample: Sample) -> str:
        return blob_key(self.identity, self._versions, sample.key)

    def _encode_records(self, samples: Sequence[Sample]) -> Tensor:
        """Encode the versions of each record together, and those of no other record.

        What a network says of a picture depends, in the last bits, on the batch that it is in;
        this way that batch does not depend on the rest of the data set, or on where a run that
        was cut off began again.
        """
        records = [list(group) for _, group in groupby(samples, key=lambda sample: sample.index)]
        return torch.cat([self._encode(record) for record in records])

    @torch.no_grad()
    def _encode(self, samples: Sequence[Sample]) -> Tensor:
        """Return mean and deviation of each sample, one after the other on the channel axis."""
        pictures = self._batches.pixels(samples).to(self._autoencoder.device) * 2 - 1
        vae: Any = self._autoencoder.vae
        posterior = vae.encode(pictures).latent_dist
        return torch.cat([posterior.mean, posterior.std], dim=1).cpu()
