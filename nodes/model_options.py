"""Models that sample differently, their weights unchanged."""

from dataclasses import replace
from typing import Annotated

from engine import Input, Number, node
from nodes.types import Model

SHARE = Number(0.0, 1.0, step=0.01)


@node("RescaleCFG", category="advanced/model")
def rescale_cfg(*, model: Model, multiplier: Annotated[float, SHARE] = 0.7) -> Model:
    """Take the excess of contrast out of guided pictures; models that say velocities need it most.

    Args:
        model: The model.
        multiplier: How far; 0 leaves the guidance as it is.
    """
    return replace(model, rescale_cfg=multiplier)


@node(
    "DifferentialDiffusion",
    title="Differential Diffusion",
    category="_for_testing",
    experimental=True,
)
def differential_diffusion(
    *, model: Model, strength: Annotated[float, SHARE, Input(optional=True)] = 1.0
) -> Model:
    """Let grey parts of a noise mask change less than white ones: they are opened later.

    Args:
        model: The model.
        strength: How much of the mask opens with time; the rest stays as it is.
    """
    return replace(model, gradual_mask=strength)
