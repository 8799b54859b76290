from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from nodes.diffusion.checkpoints import create
from nodes.diffusion.checkpoints.presets import tiny
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.datasets.pictures import Pictures
from nodes.diffusion.datasets.plans import BucketPlan
from nodes.diffusion.evaluation.painter import Painter

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 32


@pytest.fixture
def drawings(tmp_path: Path) -> Manifest:
    """Return 24 drawings in two styles: boxes of different colours and places, half filled."""
    records = []
    for style in ("flat", "line"):
        for i in range(12):
            left, top = 4 + 8 * (i % 3), 4 + 6 * (i // 3)
            picture = Image.new("RGBA", (SIDE, SIDE))
            colour = (20 * i, 255 - 20 * i, 120, 255)
            box = (left, top, left + 7, top + 5)
            fill = colour if style == "flat" else None
            ImageDraw.Draw(picture).rectangle(box, fill=fill, outline=colour)
            path = tmp_path / style / f"{i}.png"
            path.parent.mkdir(exist_ok=True)
            picture.save(path)
            records.append(
                Record(
                    path=f"{style}/{i}.png",
                    sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                    label=f"box {i}",
                    caption=f"box {i}",
                    style=style,
                    split="heldout" if i == 3 else "train",
                    width=SIDE,
                    height=SIDE,
                )
            )
    return Manifest(root=tmp_path, records=tuple(records))


@pytest.fixture
def pictures(drawings: Manifest) -> Pictures:
    return Pictures(drawings, BucketPlan(width=SIDE, height=SIDE))


@pytest.fixture(scope="session")
def painter() -> Painter:
    """Return a tiny model that has learnt nothing."""
    made = create(tiny(), seed=0)
    assert made.diffusion
    assert made.autoencoder
    return Painter(
        diffusion=made.diffusion, text_encoders=made.text_encoders, autoencoder=made.autoencoder
    )
