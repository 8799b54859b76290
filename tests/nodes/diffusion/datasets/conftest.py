from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from nodes.diffusion.datasets.manifest import Manifest, Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def small_set(tmp_path: Path) -> Callable[..., Manifest]:
    """Return a function that paints so many one-coloured pictures and lists them."""

    def make(count: int, size: tuple[int, int] = (16, 16)) -> Manifest:
        records = []
        for i in range(count):
            path = tmp_path / "pictures" / f"{i}.png"
            path.parent.mkdir(exist_ok=True)
            Image.new("RGBA", size, (10 * i, 0, 0, 255)).save(path)
            records.append(
                Record(
                    path=path.name,
                    sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                    caption=f"picture {i}",
                    label=f"picture {i}",
                    width=size[0],
                    height=size[1],
                )
            )
        return Manifest(root=tmp_path / "pictures", records=tuple(records))

    return make
