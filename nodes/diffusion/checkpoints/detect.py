"""What a weights file holds, told from its header alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import torch

from nodes.diffusion.checkpoints import keys_text, keys_unet, keys_vae
from nodes.diffusion.checkpoints.config import METADATA_KEY, ModelConfig, TextConfig
from nodes.diffusion.checkpoints.infer_text import encoder_name, infer_text
from nodes.diffusion.checkpoints.infer_unet import context_width, infer_unet
from nodes.diffusion.checkpoints.infer_vae import infer_vae
from nodes.diffusion.checkpoints.read import TensorFile, open_tensors
from nodes.diffusion.components import LatentFormat
from nodes.diffusion.errors import MissingFileError, UnknownModelError, WeightsFormatError
from nodes.diffusion.handles import Prediction

Layout = Literal["ldm", "diffusers", "transformers", "bare", "open_clip"]
_UNET_PREFIXES = (keys_unet.PREFIX, "diffusion_model.", "model.", "net.", "unet.", "")
_VAE_PREFIXES = (keys_vae.PREFIX, "vae.", "")
_TEXT_PREFIXES = (
    *dict.fromkeys(prefix for family in keys_text.PREFIXES.values() for prefix in family.values()),
    "text_encoders.clip_l.transformer.",
    "text_encoders.clip_g.transformer.",
    "text_encoders.clip_h.transformer.",
    "clip_l.transformer.",
    "clip_g.transformer.",
    "text_encoder.",
    "text_encoder_2.",
    "",
)
_UNET_MARKS: dict[Layout, str] = {
    "ldm": "input_blocks.0.0.weight",
    "diffusers": "down_blocks.0.resnets.0.conv1.weight",
}
_VAE_MARKS: dict[Layout, str] = {
    "ldm": "encoder.down.0.block.0.conv1.weight",
    "diffusers": "encoder.down_blocks.0.resnets.0.conv1.weight",
}
_TEXT_MARKS: dict[Layout, str] = {
    "transformers": "text_model.embeddings.token_embedding.weight",
    "bare": "embeddings.token_embedding.weight",
    "open_clip": "token_embedding.weight",
}
_SDXL_SCALE = 0.13025
_V_PREDICTION_SPREAD = 0.09
_SPREAD_KEY = "output_blocks.11.1.transformer_blocks.0.norm1.bias"
_FOREIGN = {
    "joint_blocks.0.context_block.attn.qkv.weight": "Stable Diffusion 3",
    "double_blocks.0.img_attn.norm.key_norm.scale": "Flux",
    "double_layers.0.attn.w1q.weight": "AuraFlow",
    "clf.1.weight": "Stable Cascade",
    "mlp_t5.0.weight": "HunyuanDiT",
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """Where one network is in a file.

    Attributes:
        prefix: Before its names.
        layout: Which names it has.
    """

    prefix: str
    layout: Layout


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a weights file holds.

    Attributes:
        path: Where it is.
        config: Of what is in it; parts that it lacks are None or missing.
        unet: Where the denoising network is, or None.
        vae: Where the autoencoder is, or None.
        text_encoders: Where each text encoder is, by name.
        sizes: Count of numbers of each tensor in the file.
        dtype: Type of the largest tensor.
        metadata: The texts that travel with the tensors.
    """

    path: Path
    config: ModelConfig
    unet: Part | None
    vae: Part | None
    text_encoders: Mapping[str, Part]
    sizes: Mapping[str, int]
    dtype: torch.dtype
    metadata: Mapping[str, str]


def describe(path: str | Path) -> Description:
    """Tell what is in a weights file; reads only its header, and remembers it.

    Raises:
        MissingFileError: There is no such file.
        WeightsFormatError: The file is broken or holds no weights.
        UnknownModelError: The weights are of a model that this program does not know.
        OSError: The file cannot be read.
    """
    path = Path(path)
    try:
        stat = path.stat()
    except FileNotFoundError as error:
        raise MissingFileError(
            f"the weights file {path.name} is gone",
            expected=f"a file at {path}",
            hint="put it back, or choose the model again under its present name",
        ) from error
    return _described(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns))


@lru_cache(maxsize=256)
def _described(path: Path, _stamp: tuple[int, int, int]) -> Description:
    return describe_tensors(open_tensors(path))


def describe_tensors(file: TensorFile) -> Description:
    """Tell what is in an open weights file.

    Raises:
        WeightsFormatError: Its own configuration does not fit what is in it.
        UnknownModelError: The weights are of a model that this program does not know.
    """
    unet = _part(file, _UNET_PREFIXES, _UNET_MARKS)
    vae = _part(file, _VAE_PREFIXES, _VAE_MARKS)
    texts = list(_text_parts(file))
    if unet is None and vae is None and not texts:
        raise UnknownModelError(
            f"{file.path.name} holds no model that is known",
            expected="a Stable Diffusion 1.x, 2.x or SDXL checkpoint, or a part of one",
            got=_foreign(file),
        )
    try:
        if METADATA_KEY in file.metadata:
            config, named = _declared(file, texts)
        else:
            config, named = _inferred(file, unet, vae, texts)
    except (KeyError, IndexError, StopIteration, ZeroDivisionError) as error:
        raise UnknownModelError(
            f"{file.path.name} holds only a part of a model", got=f"no {error}"
        ) from error
    return Description(
        path=file.path,
        config=replace(config, unet=config.unet if unet else None, vae=config.vae if vae else None),
        unet=unet if config.unet else None,
        vae=vae if config.vae else None,
        text_encoders=named,
        sizes={key: math.prod(shape) for key, shape in file.shapes.items()},
        dtype=_main_dtype(file),
        metadata=file.metadata,
    )


def part_shapes(file: TensorFile, part: Part) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a part's tensors by their names without the prefix."""
    cut = len(part.prefix)
    return {
        name[cut:]: shape for name, shape in file.shapes.items() if name.startswith(part.prefix)
    }


def _part(file: TensorFile, prefixes: tuple[str, ...], marks: Mapping[Layout, str]) -> Part | None:
    for prefix in prefixes:
        for layout, mark in marks.items():
            if prefix + mark in file.shapes:
                return Part(prefix=prefix, layout=layout)
    return None


def _text_parts(file: TensorFile) -> Iterator[Part]:
    for prefix in _TEXT_PREFIXES:
        part = _part(file, (prefix,), _TEXT_MARKS)
        if part is not None:
            yield part


def _declared(file: TensorFile, texts: list[Part]) -> tuple[ModelConfig, dict[str, Part]]:
    """Take the configuration that the file carries."""
    config = ModelConfig.from_json(file.metadata[METADATA_KEY])
    prefixes = keys_text.PREFIXES.get(config.family)
    if prefixes is None:
        raise WeightsFormatError(
            f"{file.path.name} is of an unknown family",
            expected=", ".join(keys_text.PREFIXES),
            got=config.family,
        )
    places = {part.prefix: part for part in texts}
    named = {
        name: places[prefixes[name]]
        for name in config.text_encoders
        if name in prefixes and prefixes[name] in places
    }
    encoders = {
        name: replace(config.text_encoders[name], token_ids=_token_ids(file, part))
        for name, part in named.items()
    }
    return replace(config, text_encoders=encoders), named


def _inferred(
    file: TensorFile, unet: Part | None, vae: Part | None, texts: list[Part]
) -> tuple[ModelConfig, dict[str, Part]]:
    """Tell the configuration from names and shapes."""
    named = {encoder_name(_text_shapes(file, part)): part for part in texts}
    encoders: dict[str, TextConfig] = {
        name: replace(
            infer_text(_text_shapes(file, part), name, is_part_of_pair=len(named) > 1),
            token_ids=_token_ids(file, part),
        )
        for name, part in named.items()
    }
    shapes = part_shapes(file, unet) if unet else {}
    family = _family(unet, shapes, encoders)
    scale = _SDXL_SCALE if family.startswith("sdxl") else LatentFormat().scale
    vae_config = infer_vae(part_shapes(file, vae)) if vae else None
    unet_config = infer_unet(shapes) if unet else None
    channels = (
        vae_config["latent_channels"]
        if vae_config
        else (unet_config or {}).get("out_channels", LatentFormat().channels)
    )
    prediction, zero_terminal_snr = _prediction(file, unet, family, shapes)
    return (
        ModelConfig(
            family=family,
            unet=unet_config,
            text_encoders=encoders,
            vae=vae_config,
            prediction=prediction,
            zero_terminal_snr=zero_terminal_snr,
            latents=LatentFormat(channels=channels, scale=scale),
        ),
        named,
    )


def _text_shapes(file: TensorFile, part: Part) -> dict[str, tuple[int, ...]]:
    shapes = part_shapes(file, part)
    if part.layout == "bare":
        return {keys_text.file_name(name): shape for name, shape in shapes.items()}
    return shapes


def _token_ids(file: TensorFile, part: Part) -> tuple[int, ...] | None:
    key = part.prefix + keys_text.TOKEN_IDS
    if key not in file.shapes:
        return None
    if file.dtypes[key].is_floating_point or len(file.shapes[key]) != 1:
        raise WeightsFormatError(f"{key} of {file.path.name} is no list of token ids")
    return tuple(int(token) for token in file.get(key).tolist())


def _family(
    unet: Part | None,
    shapes: Mapping[str, tuple[int, ...]],
    encoders: Mapping[str, TextConfig],
) -> str:
    if unet is None:
        names = set(encoders)
        return (
            "sdxl"
            if len(names) > 1
            else {"h": "sd2", "g": "sdxl_refiner"}.get(next(iter(names), "l"), "sd1")
        )
    families = {1024: "sd2", 2048: "sdxl", 1280: "sdxl_refiner"}
    return families.get(context_width(shapes), "sd1")


def _prediction(
    file: TensorFile, unet: Part | None, family: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[Prediction, bool]:
    if "v_pred" in file.shapes:
        return "v_prediction", "ztsnr" in file.shapes
    declared = file.metadata.get("modelspec.prediction_type", "")
    if declared in {"v", "v_prediction"}:
        return "v_prediction", "ztsnr" in file.shapes
    takes_plain_latents = (
        shapes.get("input_blocks.0.0.weight", (0, 0))[1] == LatentFormat().channels
    )
    if family == "sd2" and unet and _SPREAD_KEY in shapes and takes_plain_latents:
        bias = file.get(unet.prefix + _SPREAD_KEY).float()
        if float(bias.std()) > _V_PREDICTION_SPREAD:
            return "v_prediction", False
    return "epsilon", False


def _main_dtype(file: TensorFile) -> torch.dtype:
    largest = max(file.shapes, key=lambda key: math.prod(file.shapes[key]))
    return file.dtypes[largest]


def _foreign(file: TensorFile) -> str:
    for mark, name in _FOREIGN.items():
        if any(key.endswith(mark) for key in file.shapes):
            return f"a model of the family {name}"
    return ", ".join(sorted(file.shapes)[:3])
