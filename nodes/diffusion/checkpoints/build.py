"""Configurations to networks, without weights or with random ones."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from nodes.diffusion.checkpoints.config import TextConfig
from nodes.diffusion.errors import UnknownModelError
from nodes.diffusion.text.tokenizer import END, ClipTokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

Network = TypeVar("Network")

_MOST_LAYERS = 256


def build_unet(config: Mapping[str, Any]) -> UNet2DConditionModel:
    """Return the denoising network of a configuration.

    Raises:
        UnknownModelError: The configuration makes no network.
    """
    return _built(UNet2DConditionModel, config)


def build_vae(config: Mapping[str, Any]) -> AutoencoderKL:
    """Return the autoencoder of a configuration.

    Raises:
        UnknownModelError: The configuration makes no network.
    """
    return _built(AutoencoderKL, config)


def build_text(
    config: TextConfig, tokenizer: ClipTokenizer
) -> CLIPTextModel | CLIPTextModelWithProjection:
    """Return the text encoder of a configuration.

    Args:
        config: Its sizes.
        tokenizer: Of its vocabulary; tells the ids of begin, end and padding.

    Raises:
        UnknownModelError: The configuration makes no network.
    """
    kind = CLIPTextModelWithProjection if config.projection else CLIPTextModel
    ids = {
        "bos_token_id": tokenizer.start,
        "eos_token_id": tokenizer.end,
        "pad_token_id": tokenizer.pad,
        "vocab_size": tokenizer.size,
    }
    return _guarded(lambda: kind(CLIPTextConfig(**{**config.config, **ids})), config.config)


def tokenizer_for(name: str, config: TextConfig) -> ClipTokenizer:
    """Return the tokenizer of an encoder: CLIP-L pads with the end, the others with 0."""
    return ClipTokenizer(config.token_ids, pad=END if name == "l" else 0)


def config_of(model: UNet2DConditionModel | AutoencoderKL) -> dict[str, Any]:
    """Return the values that make a network of the same sizes, without the defaults."""
    defaults = inspect.signature(type(model).__init__).parameters
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in model.config.items()
        if name in defaults and _plain(value) != _plain(defaults[name].default)
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _built(kind: type[Any], config: Mapping[str, Any]) -> Any:
    known = inspect.signature(kind.__init__).parameters
    unknown = config.keys() - known.keys()
    if unknown:
        raise UnknownModelError(
            f"the configuration of a {kind.__name__} has unknown values",
            got=", ".join(sorted(unknown)),
        )
    return _guarded(lambda: kind(**config), config)


def _guarded(make: Callable[[], Any], config: Mapping[str, Any]) -> Any:
    try:
        _check_depth(config)
        return make().eval()
    except Exception as error:
        # The configuration comes from a stranger's file; whatever it breaks, it is to blame.
        raise UnknownModelError(
            "the configuration makes no network", got=str(error)[:200]
        ) from error


def _check_depth(config: Mapping[str, Any]) -> None:
    for name in ("layers_per_block", "num_hidden_layers", "transformer_layers_per_block"):
        layers = config.get(name, 1)
        if max(layers if isinstance(layers, list | tuple) else [layers]) > _MOST_LAYERS:
            raise ValueError(f"{name} of {layers} is out of reach")


def on_meta(make: Callable[[], Network]) -> Network:
    """Return a network whose tensors have shapes but no memory."""
    with torch.device("meta"):
        return make()
