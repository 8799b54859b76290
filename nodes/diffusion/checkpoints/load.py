"""Weight files to networks in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.checkpoints import keys_text
from nodes.diffusion.checkpoints.build import (
    build_text,
    build_unet,
    build_vae,
    on_meta,
    tokenizer_for,
)
from nodes.diffusion.checkpoints.detect import Description, Part, describe
from nodes.diffusion.checkpoints.keys_unet import unet_places
from nodes.diffusion.checkpoints.keys_vae import vae_places
from nodes.diffusion.checkpoints.read import TensorFile, open_tensors
from nodes.diffusion.checkpoints.stored import Stored
from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder
from nodes.diffusion.errors import MissingComponentError, WeightsMismatchError

if TYPE_CHECKING:
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from torch import nn

    from nodes.diffusion.handles import Weights

_CPU = torch.device("cpu")


def load_diffusion(
    weights: Weights, device: torch.device = _CPU, dtype: torch.dtype = torch.float32
) -> Diffusion:
    """Load the denoising network of a file; the caller owns it.

    Raises:
        MissingComponentError: The file has none.
        WeightsMismatchError: Its tensors do not make the network that it is said to be.
        WeightsFormatError: The file is broken.
    """
    description = describe(weights.path)
    config = description.config
    unet = empty_unet(description)
    fill(unet, unet_layout(description, unet), open_tensors(description.path), device, dtype)
    return Diffusion(
        unet=unet,
        prediction=config.prediction,
        zero_terminal_snr=config.zero_terminal_snr,
        latents=config.latents,
        device=device,
        dtype=dtype,
    )


def load_text_encoders(
    weights: Weights, device: torch.device = _CPU, dtype: torch.dtype = torch.float32
) -> Mapping[str, TextEncoder]:
    """Load the text encoders of a file by name; the caller owns them.

    Raises:
        MissingComponentError: The file has none.
        WeightsMismatchError: Its tensors do not make the networks that it is said to hold.
        WeightsFormatError: The file is broken.
    """
    description = describe(weights.path)
    file = open_tensors(description.path)
    encoders = empty_text_encoders(description)
    for name, encoder in encoders.items():
        places = text_layout(description.text_encoders[name], encoder.model)
        fill(encoder.model, places, file, device, dtype)
    return encoders


def load_autoencoder(
    weights: Weights, device: torch.device = _CPU, dtype: torch.dtype = torch.float32
) -> AutoEncoder:
    """Load the autoencoder of a file; the caller owns it.

    Raises:
        MissingComponentError: The file has none.
        WeightsMismatchError: Its tensors do not make the network that it is said to be.
        WeightsFormatError: The file is broken.
    """
    description = describe(weights.path)
    vae = empty_vae(description)
    fill(vae, vae_layout(description, vae), open_tensors(description.path), device, dtype)
    return AutoEncoder(vae=vae, latents=description.config.latents, device=device, dtype=dtype)


def empty_unet(description: Description) -> UNet2DConditionModel:
    """Return the network of a file without its weights.

    Raises:
        MissingComponentError: The file has none.
    """
    config = description.config.unet
    if description.unet is None or config is None:
        raise _missing(description.path, "denoising network")
    return on_meta(lambda: build_unet(config))


def empty_vae(description: Description) -> AutoencoderKL:
    """Return the autoencoder of a file without its weights.

    Raises:
        MissingComponentError: The file has none.
    """
    config = description.config.vae
    if description.vae is None or config is None:
        raise _missing(description.path, "autoencoder (VAE)")
    return on_meta(lambda: build_vae(config))


def empty_text_encoders(description: Description) -> dict[str, TextEncoder]:
    """Return the text encoders of a file without their weights.

    Raises:
        MissingComponentError: The file has none.
    """
    if not description.text_encoders:
        raise _missing(description.path, "text encoder")
    encoders: dict[str, TextEncoder] = {}
    for name in description.text_encoders:
        config = description.config.text_encoders[name]
        tokenizer = tokenizer_for(name, config)
        encoders[name] = TextEncoder(
            name=name,
            model=on_meta(lambda c=config, t=tokenizer: build_text(c, t)),
            tokenizer=tokenizer,
            default_layer=config.default_layer,
            final_norm=config.final_norm,
        )
    return encoders


def unet_layout(description: Description, unet: UNet2DConditionModel) -> dict[str, Stored]:
    """Return where a file keeps the tensors of its denoising network."""
    part, config = description.unet, unet.config
    if part is None:
        raise _missing(description.path, "denoising network")
    names = unet.state_dict()
    places = _same(names) if part.layout == "diffusers" else unet_places(names, config)
    return _beneath(places, part)


def vae_layout(description: Description, vae: AutoencoderKL) -> dict[str, Stored]:
    """Return where a file keeps the tensors of its autoencoder."""
    part, config = description.vae, vae.config
    if part is None:
        raise _missing(description.path, "autoencoder (VAE)")
    names = vae.state_dict()
    places = _same(names) if part.layout == "diffusers" else vae_places(names, config)
    return _beneath(places, part)


def text_layout(part: Part, model: nn.Module) -> dict[str, Stored]:
    """Return where a file keeps the tensors of one of its text encoders."""
    names = model.state_dict()
    if part.layout == "open_clip":
        return _beneath(keys_text.open_clip_places(names), part)
    places = keys_text.transformers_places(names)
    if part.layout == "bare":
        places = {
            name: Stored(key=place.key.removeprefix("text_model."))
            for name, place in places.items()
        }
    return _beneath(places, part)


def fill(
    network: nn.Module,
    places: Mapping[str, Stored],
    file: TensorFile,
    device: torch.device,
    dtype: torch.dtype,
) -> None:
    """Give a network without weights those of a file, in memory of its own.

    Raises:
        WeightsMismatchError: Tensors are missing or of another shape.
    """
    missing = sorted(place.key for place in places.values() if place.key not in file.shapes)
    if missing:
        raise WeightsMismatchError(
            f"{file.path.name} lacks {len(missing)} tensors of its model",
            expected=", ".join(missing[:3]) + (", ..." if len(missing) > 3 else ""),  # noqa: PLR2004
        )
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    # A copy of our own: pages of a mapped file would give other memory alignments, and with
    # them other last bits, than the same weights after a change.
    tensors = {
        name: place.read(file.get, shapes[name]).to(device, dtype, copy=True).contiguous()
        for name, place in places.items()
    }
    network.load_state_dict(tensors, assign=True)
    _count_places(network, device)
    network.requires_grad_(requires_grad=False)


def _count_places(network: nn.Module, device: torch.device) -> None:
    """Make the position numbers, the only buffers that no file has."""
    for module in network.modules():
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.is_meta:
                setattr(module, name, torch.arange(buffer.shape[-1], device=device)[None])


def _same(names: Iterable[str]) -> dict[str, Stored]:
    return {name: Stored(key=name) for name in names}


def _beneath(places: Mapping[str, Stored], part: Part) -> dict[str, Stored]:
    return {name: place.beneath(part.prefix) for name, place in places.items()}


def _missing(path: Path, what: str) -> MissingComponentError:
    return MissingComponentError(
        f"{path.name} holds no {what}",
        hint="load a full checkpoint, or that part from a file of its own",
    )
