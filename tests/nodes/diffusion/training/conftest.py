from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from nodes.diffusion.checkpoints import create
from nodes.diffusion.checkpoints.presets import tiny
from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.datasets.plans import AugmentPlan, BucketPlan, Dataset
from nodes.diffusion.training.latents import Latents
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.parts import Parts, parts_in_full, parts_with_lora
from nodes.diffusion.training.plans import LoraPlan, ObjectivePlan
from nodes.diffusion.training.text_to_image import text_to_image_method

if TYPE_CHECKING:
    from pathlib import Path

    from nodes.diffusion.checkpoints.create import Components

COLOURS = {"red": "#d02020", "green": "#20b040", "blue": "#2040d0", "yellow": "#e0d020"}
MakeMethod = Callable[..., tuple[Method, Parts]]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    folder = tmp_path / "pictures"
    folder.mkdir()
    records: list[Record] = []
    for number in range(8):
        name, colour = list(COLOURS.items())[number % 4]
        picture = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
        ImageDraw.Draw(picture).ellipse((4, 4, 20 + number, 27), fill=colour)
        path = folder / f"{number}.png"
        picture.save(path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        caption = f"a {name} ball"
        records.append(
            Record(
                path=path.name, sha256=sha256, caption=caption, label=caption, width=32, height=32
            )
        )
    manifest = Manifest(root=folder, records=tuple(records)).save(tmp_path)
    return Dataset(
        manifest=manifest,
        augment=AugmentPlan(colours=0.5, translate=0.1, variants=2),
        buckets=BucketPlan(width=32, height=32),
    )


@pytest.fixture
def model() -> Components:
    return create(tiny(["a red ball", "a green ball", "a blue ball", "a yellow ball"]), 0)


@pytest.fixture
def make_method(dataset: Dataset, model: Components, tmp_path: Path) -> MakeMethod:
    """Return what makes a text-to-image method on fresh copies of the same base."""

    def make(
        trainable: str = "all",
        *,
        lora: LoraPlan | None = None,
        batch: int = 2,
        seed: int = 0,
        objective: ObjectivePlan | None = None,
    ) -> tuple[Method, Parts]:
        assert model.diffusion
        assert model.autoencoder
        batches = Batches(dataset, batch=batch, seed=seed)
        latents = Latents(model.autoencoder, batches, tmp_path / "latents")
        if lora:
            parts, chosen = parts_with_lora(model.diffusion, model.text_encoders, lora, seed=seed)
        else:
            parts, chosen = parts_in_full(model.diffusion, model.text_encoders, trainable)
        plan = objective or ObjectivePlan()
        method = text_to_image_method(
            "lora" if lora else "full", parts, chosen, batches, latents, plan
        )
        return method, parts

    return make
