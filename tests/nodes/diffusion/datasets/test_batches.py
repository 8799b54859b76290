from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.datasets.augment import Version
from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.plans import AugmentPlan, BucketPlan, CaptionPlan, Dataset

if TYPE_CHECKING:
    from collections.abc import Callable

    from nodes.diffusion.datasets.manifest import Manifest

VARIED = AugmentPlan(scale=0.8, translate=0.1, flip=0.5, colours=0.5, jitter=0.02)


def dataset(manifest: Manifest, folder: Path, **plans: object) -> Dataset:
    buckets = BucketPlan(width=16, height=16)
    captions = CaptionPlan(dropout=0.2)
    file = manifest.save(folder / "lists")
    return Dataset(manifest=file, buckets=buckets, captions=captions, **plans)  # type: ignore[arg-type]


@pytest.fixture
def varied(small_set: Callable[..., Manifest], tmp_path: Path) -> Dataset:
    return dataset(small_set(10), tmp_path, augment=VARIED)


def test_a_step_is_the_same_in_a_fresh_process_of_reading(varied: Dataset) -> None:
    one, other = (Batches(varied, batch=4, seed=5) for _ in range(2))
    for step in (17, 3, 0):
        assert one.at(step) == other.at(step)
        assert torch.equal(one.pixels(one.at(step)), other.pixels(other.at(step)))


def test_another_seed_gives_other_samples(varied: Dataset) -> None:
    assert Batches(varied, batch=4, seed=5).at(0) != Batches(varied, batch=4, seed=6).at(0)


def test_pixels_are_ready_for_an_encoder(varied: Dataset) -> None:
    batches = Batches(varied, batch=4, seed=0)
    pixels = batches.pixels(batches.at(0))
    assert pixels.shape == (4, 3, 16, 16)
    assert pixels.dtype == torch.float32
    assert float(pixels.min()) >= 0
    assert float(pixels.max()) <= 1


def test_a_coloured_ground_and_its_caption_belong_together(varied: Dataset) -> None:
    batches = Batches(varied, batch=10, seed=0)
    samples = [sample for step in range(30) for sample in batches.at(step)]
    assert any(sample.version.colour != "white" for sample in samples)
    for sample in samples:
        named = f"on a {sample.version.colour} background" in sample.caption
        assert named == (sample.version.colour != "white" and sample.caption != "")


def test_fixed_variants_are_all_that_training_sees(
    small_set: Callable[..., Manifest], tmp_path: Path
) -> None:
    plan = AugmentPlan(scale=0.8, colours=0.5, variants=3)
    batches = Batches(dataset(small_set(5), tmp_path, augment=plan), batch=4, seed=0)
    kept = {sample.key for sample in batches.variants()}
    assert len(kept) == 15
    seen = {sample.key for step in range(100) for sample in batches.at(step)}
    assert seen == kept
    assert [s.version for s in batches.variants()][::3] == [Version()] * 5


def test_variants_do_not_depend_on_the_seed_so_that_runs_share_latents(
    small_set: Callable[..., Manifest], tmp_path: Path
) -> None:
    data = dataset(small_set(3), tmp_path, augment=AugmentPlan(scale=0.8, variants=2))
    one, other = (Batches(data, batch=2, seed=seed) for seed in (0, 1))
    assert one.variants() == other.variants()


def test_keys_tell_contents_and_versions_apart(varied: Dataset) -> None:
    batches = Batches(varied, batch=10, seed=0)
    samples = [sample for step in range(5) for sample in batches.at(step)]
    assert len({sample.key for sample in samples}) == len(samples)


def test_a_set_that_changed_is_refused(varied: Dataset) -> None:
    Path(varied.manifest.path).write_bytes(b"")
    with pytest.raises(DatasetError):
        Batches(varied, batch=1, seed=0)
