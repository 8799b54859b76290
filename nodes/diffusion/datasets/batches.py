"""What training sees at a step: which pictures, in which version, under which captions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from nodes.diffusion.datasets.augment import Version, compose, draw_version
from nodes.diffusion.datasets.captions import caption
from nodes.diffusion.datasets.manifest import open_manifest
from nodes.diffusion.datasets.order import order
from nodes.diffusion.datasets.pictures import Pictures
from nodes.diffusion.datasets.plans import Dataset
from nodes.diffusion.datasets.random import numbers


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One picture of a batch.

    Attributes:
        index: Of its record.
        version: How it is changed.
        caption: What it is called this time.
        key: Hash of what decides its pixels; two samples with one key look the same.
    """

    index: int
    version: Version
    caption: str
    key: str


class Batches:
    """The batches of a training run, a pure function of data set, seed and step.

    Args:
        dataset: Pictures and plans.
        batch: Pictures per step.
        seed: Of the run.
        pictures: Decoded pictures to share with another run over the same data set.

    Raises:
        DatasetError: The list is empty or has changed, or a picture cannot be read.
    """

    def __init__(
        self, dataset: Dataset, *, batch: int, seed: int, pictures: Pictures | None = None
    ) -> None:
        manifest = pictures.manifest if pictures else open_manifest(dataset.manifest)
        self.dataset = dataset
        self.pictures = pictures or Pictures(manifest, dataset.buckets)
        self.records = manifest.records
        self.seed = seed
        self._order = order(self.pictures.buckets.values(), batch=batch, seed=seed)

    @property
    def epoch_length(self) -> int:
        """Steps per epoch."""
        return self._order.epoch_length

    def at(self, step: int) -> tuple[Sample, ...]:
        """Return the samples of a step, counted from 0, without drawing them."""
        indices = self._order.at(step)
        return tuple(self._sample(step, place, index) for place, index in enumerate(indices))

    def pixels(self, samples: Sequence[Sample]) -> Tensor:
        """Draw samples of one bucket: `[B, 3, H, W]`, float32, from 0 to 1."""
        stored = self.pictures.of([sample.index for sample in samples])
        return compose(stored, [sample.version for sample in samples])

    def variants(self) -> tuple[Sample, ...]:
        """Return every version of every record, without captions, for keeping their latents.

        Empty where the plan draws versions anew at every step.
        """
        return tuple(
            self._variant(index, number)
            for index in range(len(self.records))
            for number in range(self.dataset.augment.variants)
        )

    def _sample(self, step: int, place: int, index: int) -> Sample:
        rng = numbers("sample", self.seed, step, place)
        plan = self.dataset.augment
        if plan.variants:
            drawn = self._variant(index, int(rng.integers(plan.variants)))
            version, key = drawn.version, drawn.key
        else:
            version = draw_version(plan, rng, mirror=self.records[index].mirror)
            key = self._key(index, version)
        words = numbers("caption", self.seed, step, place)
        text = caption(self.records[index], self.dataset.captions, words, colour=version.colour)
        return Sample(index=index, version=version, caption=text, key=key)

    def _variant(self, index: int, number: int) -> Sample:
        record = self.records[index]
        rng = numbers("variant", 0, record.sha256, number)
        plan = self.dataset.augment
        version = draw_version(plan, rng, mirror=record.mirror) if number else Version()
        return Sample(index=index, version=version, caption="", key=self._key(index, version))

    def _key(self, index: int, version: Version) -> str:
        sha256 = self.records[index].sha256
        size, anchor = self.pictures.size(index), self.dataset.buckets.anchor
        return hashlib.sha256(repr((sha256, size, anchor, version)).encode()).hexdigest()
