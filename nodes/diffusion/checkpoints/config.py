"""What a model is made of: sizes and meanings, as data that fits into a file's metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from nodes.diffusion.components import LatentFormat
from nodes.diffusion.errors import WeightsFormatError
from nodes.diffusion.handles import Prediction

METADATA_KEY = "latentloom.config"
"""Where a file keeps the exact configuration of what is in it."""
_VERSION = 1
_LARGEST_NUMBER = 1 << 20
_LONGEST_LIST = 64
_PREDICTIONS: tuple[str, ...] = get_args(Prediction)


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """One text encoder.

    Attributes:
        config: Values of transformers' `CLIPTextConfig`.
        projection: It has a projection of its pooled output.
        default_layer: Hidden state taken when nobody asks for another one; -1 is the last.
        final_norm: Whether the last layer norm is applied to that state.
        token_ids: CLIP's id of each row of a reduced vocabulary; None for CLIP's whole one. A
            file keeps it as a tensor.
    """

    config: Mapping[str, Any]
    projection: bool = False
    default_layer: int = -1
    final_norm: bool = True
    token_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """A model, or those parts of one that a file holds.

    Attributes:
        family: `sd1`, `sd2`, `sdxl`, `sdxl_refiner`; decides the layout of the file.
        unet: Values of diffusers' `UNet2DConditionModel`, or None.
        text_encoders: By name: `l`, `h`, or `l` and `g`.
        vae: Values of diffusers' `AutoencoderKL`, or None.
        prediction: What the network's output means.
        zero_terminal_snr: The noise schedule ends in pure noise.
        latents: What latents the network takes.
    """

    family: str
    unet: Mapping[str, Any] | None = None
    text_encoders: Mapping[str, TextConfig] = field(default_factory=dict[str, TextConfig])
    vae: Mapping[str, Any] | None = None
    prediction: Prediction = "epsilon"
    zero_terminal_snr: bool = False
    latents: LatentFormat = field(default_factory=LatentFormat)

    def to_json(self) -> str:
        """Return the text that goes into a file's metadata."""
        return json.dumps(
            {
                "version": _VERSION,
                "family": self.family,
                "unet": self.unet,
                "text_encoders": {
                    name: {
                        "config": dict(encoder.config),
                        "projection": encoder.projection,
                        "default_layer": encoder.default_layer,
                        "final_norm": encoder.final_norm,
                    }
                    for name, encoder in self.text_encoders.items()
                },
                "vae": self.vae,
                "prediction": self.prediction,
                "zero_terminal_snr": self.zero_terminal_snr,
                "latents": {
                    "channels": self.latents.channels,
                    "downscale": self.latents.downscale,
                    "scale": self.latents.scale,
                },
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> ModelConfig:
        """Read the text of a file's metadata.

        Raises:
            WeightsFormatError: It is not such a text, or holds numbers out of all reason.
        """
        try:
            data = json.loads(text)
            _check(data)
            return _parsed(data)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise WeightsFormatError(
                f"the metadata {METADATA_KEY} of the file is broken", got=str(error)[:200]
            ) from error


def _parsed(data: dict[str, Any]) -> ModelConfig:
    if data["version"] != _VERSION or data["prediction"] not in _PREDICTIONS:
        raise ValueError(f"version {data['version']!r}, prediction {data['prediction']!r}")
    latents = data["latents"]
    return ModelConfig(
        family=str(data["family"]),
        unet=_mapping(data["unet"]),
        text_encoders={
            name: TextConfig(
                config=cast("Mapping[str, Any]", _mapping(encoder["config"])),
                projection=bool(encoder["projection"]),
                default_layer=int(encoder["default_layer"]),
                final_norm=bool(encoder["final_norm"]),
            )
            for name, encoder in data["text_encoders"].items()
        },
        vae=_mapping(data["vae"]),
        prediction=data["prediction"],
        zero_terminal_snr=bool(data["zero_terminal_snr"]),
        latents=LatentFormat(
            channels=int(latents["channels"]),
            downscale=int(latents["downscale"]),
            scale=float(latents["scale"]),
        ),
    )


def _mapping(value: object) -> Mapping[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"{value!r} is not an object")
    return cast("Mapping[str, Any] | None", value)


def _check(value: object) -> None:
    """Refuse sizes that would take the machine down before any tensor is looked at."""
    if isinstance(value, dict):
        for item in cast("dict[str, object]", value).values():
            _check(item)
    elif isinstance(value, list):
        items = cast("list[object]", value)
        if len(items) > _LONGEST_LIST:
            raise ValueError(f"a list of {len(items)} items")
        for item in items:
            _check(item)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST_NUMBER:
        raise ValueError(f"the number {value}")
