"""Small models of each family, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nodes.diffusion.checkpoints import Components, create, presets, save_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = {"sd1": presets.tiny, "sd2": presets.tiny_sd2, "sdxl": presets.tiny_sdxl}


@pytest.fixture(scope="session")
def models() -> dict[str, Components]:
    """A model with random weights by family."""
    return {family: create(make(), seed=1) for family, make in FAMILIES.items()}


@pytest.fixture(scope="session")
def files(
    models: dict[str, Components], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Those models as files in the original layout, by family."""
    folder = tmp_path_factory.mktemp("files")
    for family, model in models.items():
        save_checkpoint(
            folder / f"{family}.safetensors",
            diffusion=model.diffusion,
            text_encoders=model.text_encoders,
            autoencoder=model.autoencoder,
        )
    return {family: folder / f"{family}.safetensors" for family in models}
