"""Recorded tokens, and a text encoder of a few kilobytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nodes.diffusion.checkpoints import create, presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nodes.diffusion.components import TextEncoder

PROMPTS = Path(__file__).parents[3] / "data" / "prompts.json"


@pytest.fixture(scope="session")
def recorded() -> dict[str, Any]:
    """Weights and tokens of prompts, recorded from the program that people's workflows know."""
    return json.loads(PROMPTS.read_text())


@pytest.fixture(scope="session")
def encoders() -> Mapping[str, TextEncoder]:
    """A text encoder in the shape of CLIP-L."""
    return create(presets.tiny(), seed=0).text_encoders


@pytest.fixture(scope="session")
def pair() -> Mapping[str, TextEncoder]:
    """Two text encoders in the shape of SDXL's."""
    return create(presets.tiny_sdxl(), seed=0).text_encoders
