"""The weights of a file as they are, parameter by parameter, and what LoRA files call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nodes.diffusion.checkpoints.detect import describe
from nodes.diffusion.checkpoints.keys_unet import unet_places
from nodes.diffusion.checkpoints.load import (
    empty_text_encoders,
    empty_unet,
    text_layout,
    unet_layout,
)
from nodes.diffusion.checkpoints.read import TensorFile, open_tensors
from nodes.diffusion.handles import Clip, Model
from nodes.diffusion.lora.names import text_names, unet_names

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nodes.diffusion.checkpoints.stored import Stored

Handle = Model | Clip

UNET = "unet"
"""The name of a denoising network among the networks of a handle; text encoders have their own."""


@dataclass(frozen=True, kw_only=True)
class Pristine:
    """The weights of one network as its file has them.

    Attributes:
        file: The open file.
        places: Where the file keeps each parameter.
        shapes: Of each parameter in the network.
        names: Parameter by each name that LoRA files call its module.
        originals: Name of each parameter in the original layout, of a denoising network.
    """

    file: TensorFile
    places: Mapping[str, Stored]
    shapes: Mapping[str, torch.Size]
    names: Mapping[str, str]
    originals: Mapping[str, str] = field(default_factory=dict[str, str])

    def read(self, parameter: str) -> Tensor:
        """Return a parameter on the CPU, in the file's type; it must not be changed."""
        return self.places[parameter].read(self.file.get, self.shapes[parameter])


def open_pristine(kind: type[Handle], path: Path) -> Mapping[str, Pristine]:
    """Return the networks of a file by name.

    Args:
        kind: `Model` for the denoising network, `Clip` for the text encoders.
        path: The weights file.

    Raises:
        DiffusionError: The file is broken, or has no such network.
    """
    return _unet(path) if kind is Model else _text_encoders(path)


def _unet(path: Path) -> Mapping[str, Pristine]:
    description = describe(path)
    unet = empty_unet(description)
    state = unet.state_dict()
    originals = unet_places(state, unet.config)
    pristine = Pristine(
        file=open_tensors(path),
        places=unet_layout(description, unet),
        shapes={name: tensor.shape for name, tensor in state.items()},
        names=unet_names(originals),
        originals={name: place.key for name, place in originals.items()},
    )
    return {UNET: pristine}


def _text_encoders(path: Path) -> Mapping[str, Pristine]:
    description = describe(path)
    file = open_tensors(path)
    networks: dict[str, Pristine] = {}
    for name, encoder in empty_text_encoders(description).items():
        state = encoder.model.state_dict()
        networks[name] = Pristine(
            file=file,
            places=text_layout(description.text_encoders[name], encoder.model),
            shapes={parameter: tensor.shape for parameter, tensor in state.items()},
            names=text_names(state, name, description.text_encoders),
        )
    return networks
