"""Networks in memory to one safetensors file in the original layout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.checkpoints import keys_text, keys_unet, keys_vae
from nodes.diffusion.checkpoints.build import config_of
from nodes.diffusion.checkpoints.config import METADATA_KEY, ModelConfig, TextConfig
from nodes.diffusion.checkpoints.keys_unet import unet_places
from nodes.diffusion.checkpoints.keys_vae import vae_places
from nodes.diffusion.checkpoints.stored import Stored, to_file
from nodes.diffusion.checkpoints.write import save_tensors
from nodes.diffusion.components import LatentFormat

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder

_ARCHITECTURES = {
    "sd1": "stable-diffusion-v1",
    "sd2": "stable-diffusion-v2",
    "sdxl": "stable-diffusion-xl-v1-base",
    "sdxl_refiner": "stable-diffusion-xl-v1-refiner",
}
_TEXT_VALUES = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "max_position_embeddings",
    "hidden_act",
    "projection_dim",
)


def save_checkpoint(
    path: Path,
    *,
    diffusion: Diffusion | None = None,
    text_encoders: Mapping[str, TextEncoder] | None = None,
    autoencoder: AutoEncoder | None = None,
    metadata: Mapping[str, str] | None = None,
    dtype: torch.dtype | None = None,
) -> None:
    """Save a model, or some parts of one, as a file that every program of this family reads.

    The file appears whole or not at all, and the same content gives the same bytes.

    Args:
        path: The file to write; one that exists is replaced.
        diffusion: The denoising network.
        text_encoders: By name: `l`, `h`, or `l` and `g`.
        autoencoder: Between pictures and latents.
        metadata: Further texts for the file's header.
        dtype: Of the numbers in the file; None keeps that of the networks.

    Raises:
        OSError: The file cannot be written; nothing is left behind.
    """
    content = checkpoint_content(
        diffusion=diffusion,
        text_encoders=text_encoders,
        autoencoder=autoencoder,
        metadata=metadata,
        dtype=dtype,
    )
    save_tensors(path, *content)


def checkpoint_content(
    *,
    diffusion: Diffusion | None = None,
    text_encoders: Mapping[str, TextEncoder] | None = None,
    autoencoder: AutoEncoder | None = None,
    metadata: Mapping[str, str] | None = None,
    dtype: torch.dtype | None = None,
    vae_dtype: torch.dtype | None = None,
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors and the metadata of the file that `save_checkpoint` writes.

    Args:
        diffusion: The denoising network.
        text_encoders: By name: `l`, `h`, or `l` and `g`.
        autoencoder: Between pictures and latents.
        metadata: Further texts for the file's header.
        dtype: Of the numbers in the file; None keeps that of the networks.
        vae_dtype: Of the autoencoder's weights instead; its biases and norms keep `dtype`, since
            they are few and each counts for a whole channel.
    """
    config = _config(diffusion, text_encoders or {}, autoencoder)
    tensors: dict[str, Tensor] = {}
    vae: dict[str, Tensor] = {}
    if diffusion is not None:
        state = diffusion.unet.state_dict()
        tensors |= _named(unet_places(state, diffusion.unet.config), state, keys_unet.PREFIX)
        tensors |= dict.fromkeys(_markers(diffusion), torch.empty(0))
    for name, encoder in (text_encoders or {}).items():
        tensors |= _text_tensors(encoder, keys_text.PREFIXES[config.family][name])
    if autoencoder is not None:
        state = autoencoder.vae.state_dict()
        vae = _named(vae_places(state, autoencoder.vae.config), state, keys_vae.PREFIX)
    tensors = _cast(tensors | vae, dtype)
    weights = {key: tensors[key] for key, tensor in vae.items() if tensor.ndim > 1}
    return tensors | _cast(weights, vae_dtype), {**_described(config), **(metadata or {})}


def _markers(diffusion: Diffusion) -> list[str]:
    """Return the names of the empty tensors by which other programs know a v-prediction model."""
    if diffusion.prediction != "v_prediction":
        return []
    return ["v_pred", "ztsnr"] if diffusion.zero_terminal_snr else ["v_pred"]


def _config(
    diffusion: Diffusion | None,
    text_encoders: Mapping[str, TextEncoder],
    autoencoder: AutoEncoder | None,
) -> ModelConfig:
    latents = (diffusion or autoencoder or ModelConfig(family="")).latents
    return ModelConfig(
        family=_family(diffusion, text_encoders),
        unet=config_of(diffusion.unet) if diffusion else None,
        text_encoders={name: _text_config(encoder) for name, encoder in text_encoders.items()},
        vae=config_of(autoencoder.vae) if autoencoder else None,
        prediction=diffusion.prediction if diffusion else "epsilon",
        zero_terminal_snr=diffusion.zero_terminal_snr if diffusion else False,
        latents=LatentFormat(
            channels=latents.channels, downscale=latents.downscale, scale=latents.scale
        ),
    )


def _family(diffusion: Diffusion | None, text_encoders: Mapping[str, TextEncoder]) -> str:
    by_encoders = {("l",): "sd1", ("h",): "sd2", ("g",): "sdxl_refiner", ("g", "l"): "sdxl"}
    if text_encoders:
        return by_encoders[tuple(sorted(text_encoders))]
    if diffusion is None:
        return "sd1"
    values = diffusion.unet.config
    if values["addition_embed_type"] == "text_time":
        return "sdxl"
    return "sd2" if values["use_linear_projection"] else "sd1"


def _text_config(encoder: TextEncoder) -> TextConfig:
    values = encoder.model.config
    return TextConfig(
        config={name: getattr(values, name) for name in _TEXT_VALUES},
        projection=hasattr(encoder.model, "text_projection"),
        default_layer=encoder.default_layer,
        final_norm=encoder.final_norm,
    )


def _text_tensors(encoder: TextEncoder, prefix: str) -> dict[str, Tensor]:
    state = encoder.model.state_dict()
    original = prefix.endswith(".model.")
    places = keys_text.open_clip_places if original else keys_text.transformers_places
    tensors = _named(places(state), state, prefix)
    kept = encoder.tokenizer.kept
    if kept is not None:
        tensors[prefix + keys_text.TOKEN_IDS] = torch.tensor(kept, dtype=torch.int32)
    return tensors


def _named(
    places: Mapping[str, Stored], state: Mapping[str, Tensor], prefix: str
) -> dict[str, Tensor]:
    return {prefix + key: tensor for key, tensor in to_file(places, state)}


def _cast(tensors: Mapping[str, Tensor], dtype: torch.dtype | None) -> dict[str, Tensor]:
    return {
        key: tensor.to(dtype) if dtype and tensor.is_floating_point() else tensor
        for key, tensor in tensors.items()
    }


def _described(config: ModelConfig) -> dict[str, str]:
    described = {
        "format": "pt",
        METADATA_KEY: config.to_json(),
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": _ARCHITECTURES[config.family],
        "modelspec.implementation": "diffusers",
    }
    if config.unet:
        described["modelspec.prediction_type"] = config.prediction
        size = config.unet.get("sample_size")
        if isinstance(size, int):
            side = size * config.latents.downscale
            described["modelspec.resolution"] = f"{side}x{side}"
    return described
