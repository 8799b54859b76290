"""The model of a run: copies of what is trained, so that the base's weights never change."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nodes.diffusion.training.identity import weights_hash
from nodes.diffusion.training.lora import inject, sharing_copy
from nodes.diffusion.training.trainable import select

if TYPE_CHECKING:
    from torch import nn

    from nodes.diffusion.components import Diffusion, TextEncoder
    from nodes.diffusion.training.plans import LoraPlan


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The model that is trained.

    Attributes:
        diffusion: The run's own.
        text_encoders: By name; the run's own where they are trained.
        text_trained: Gradients flow into the text encoders.
        base: Hash of the weights that it began with.
    """

    diffusion: Diffusion
    text_encoders: Mapping[str, TextEncoder]
    text_trained: bool
    base: str

    @property
    def networks(self) -> dict[str, nn.Module]:
        """The networks by the names that trainable parameters begin with."""
        texts = {f"text.{name}": e.model for name, e in self.text_encoders.items()}
        return {"unet": self.diffusion.unet, **texts}


def parts_in_full(
    diffusion: Diffusion, text_encoders: Mapping[str, TextEncoder], what: str
) -> tuple[Parts, dict[str, nn.Parameter]]:
    """Return a model whose own parameters are trained, and those that are.

    Args:
        diffusion: The base; copied in float32.
        text_encoders: The base's; copied where they are trained.
        what: See `trainable.select`.

    Raises:
        TrainingError: Nothing is chosen.
    """
    own = dataclasses.replace(diffusion, unet=copy.deepcopy(diffusion.unet).float())
    chosen = select(_networks(own, text_encoders), what)
    text_trained = any(name.startswith("text.") for name in chosen)
    if text_trained:
        text_encoders = {
            name: dataclasses.replace(encoder, model=copy.deepcopy(encoder.model).float())
            for name, encoder in text_encoders.items()
        }
        chosen = select(_networks(own, text_encoders), what)
    parts = Parts(
        diffusion=own,
        text_encoders=text_encoders,
        text_trained=text_trained,
        base=_base(diffusion, text_encoders),
    )
    return parts, chosen


def parts_with_lora(
    diffusion: Diffusion, text_encoders: Mapping[str, TextEncoder], plan: LoraPlan, *, seed: int
) -> tuple[Parts, dict[str, nn.Parameter]]:
    """Return a model with a LoRA over the base's own tensors, and the LoRA's parameters.

    Args:
        diffusion: The base; its tensors are shared and stay as they are.
        text_encoders: The base's; likewise.
        plan: Shape of the LoRA.
        seed: Of its first values.

    Raises:
        TrainingError: The plan fits no layer.
    """
    base = _base(diffusion, text_encoders)
    unet = sharing_copy(diffusion.unet)
    trainable = inject(unet, plan, seed=seed, kind="unet")
    if plan.text:
        copies = {name: sharing_copy(encoder.model) for name, encoder in text_encoders.items()}
        for name, model in copies.items():
            trainable |= inject(model, plan, seed=seed, kind=f"text.{name}")
        text_encoders = {
            name: dataclasses.replace(encoder, model=copies[name])
            for name, encoder in text_encoders.items()
        }
    parts = Parts(
        diffusion=dataclasses.replace(diffusion, unet=unet),
        text_encoders=text_encoders,
        text_trained=plan.text,
        base=base,
    )
    return parts, trainable


def _networks(
    diffusion: Diffusion, text_encoders: Mapping[str, TextEncoder]
) -> dict[str, nn.Module]:
    texts = {f"text.{name}": encoder.model for name, encoder in text_encoders.items()}
    return {"unet": diffusion.unet, **texts}


def _base(diffusion: Diffusion, text_encoders: Mapping[str, TextEncoder]) -> str:
    encoders = [text_encoders[name] for name in sorted(text_encoders)]
    return weights_hash(diffusion.unet, *(encoder.model for encoder in encoders))
