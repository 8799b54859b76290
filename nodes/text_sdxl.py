"""Prompts for Stable Diffusion XL, whose text encoders and sizes can be told apart."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from engine import Context, InputError, Number, Text, node
from nodes.embeddings import embedding_loader, embedding_stamps
from nodes.library_errors import blaming
from nodes.types import Clip, Conditioning

if TYPE_CHECKING:
    from torch import Tensor

CATEGORY = "advanced/conditioning"
Pixels = Annotated[int, Number(0, 16384)]
Prompt = Annotated[str, Text(multiline=True, dynamic_prompts=True)]


def _both(context: Context, text_g: str | None, text_l: str | None) -> Any:
    return [embedding_stamps(context, text) for text in (text_g, text_l)]


@node("CLIPTextEncodeSDXL", category=CATEGORY, fingerprint=_both)
def encode_text_sdxl(
    *,
    clip: Clip,
    width: Pixels = 1024,
    height: Pixels = 1024,
    crop_w: Pixels = 0,
    crop_h: Pixels = 0,
    target_width: Pixels = 1024,
    target_height: Pixels = 1024,
    text_g: Prompt,
    text_l: Prompt,
    context: Context,
) -> Conditioning:
    """Encode a prompt for each of the two text encoders of SDXL, and what size to aim at.

    Args:
        clip: Both text encoders.
        width: Width of the picture before it was cut, as the model saw it in training.
        height: Height of the same.
        crop_w: Pixels that were cut off at the left.
        crop_h: Pixels that were cut off at the top.
        target_width: Width of the picture that is wanted.
        target_height: Height of the same.
        text_g: The prompt for the large encoder.
        text_l: The prompt for the small encoder.
    """
    from nodes.diffusion.text import encode_each

    texts = {"g": text_g, "l": text_l}

    def encoded(encoders: Any, embeddings: Any) -> "tuple[Tensor, Tensor]":
        if set(encoders) != set(texts):
            raise InputError(
                "this node is for models with two text encoders",
                input="clip",
                expected="the encoders l and g of Stable Diffusion XL",
                got=" and ".join(encoders),
                hint="take CLIPTextEncode for other models",
            )
        return encode_each(encoders, texts, clip.layer, embeddings)

    settings = {
        "width": width,
        "height": height,
        "crop_w": crop_w,
        "crop_h": crop_h,
        "target_width": target_width,
        "target_height": target_height,
    }
    return _conditioning(clip, context, encoded, settings)


@node("CLIPTextEncodeSDXLRefiner", category=CATEGORY, fingerprint=embedding_stamps)
def encode_text_refiner(
    *,
    ascore: Annotated[float, Number(0.0, 1000.0, step=0.01)] = 6.0,
    width: Pixels = 1024,
    height: Pixels = 1024,
    text: Prompt,
    clip: Clip,
    context: Context,
) -> Conditioning:
    """Encode a prompt for the refiner of SDXL.

    Args:
        ascore: How beautiful the picture is to be, from 1 to 10.
        width: Width of the picture before it was cut, as the model saw it in training.
        height: Height of the same.
        text: The prompt.
        clip: The text encoder.
    """
    from nodes.diffusion.text import encode

    def encoded(encoders: Any, embeddings: Any) -> "tuple[Tensor, Tensor]":
        return encode(encoders, text, clip.layer, embeddings)

    settings = {"aesthetic_score": ascore, "width": width, "height": height}
    return _conditioning(clip, context, encoded, settings)


def _conditioning(
    clip: Clip,
    context: Context,
    encode: Callable[[Any, Any], "tuple[Tensor, Tensor]"],
    settings: dict[str, Any],
) -> Conditioning:
    import torch

    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("clip"), residency.text_encoders(clip) as encoders, torch.no_grad():
        states, pooled = encode(encoders, embedding_loader(context.folders))
    return [[states.float().cpu(), {"pooled_output": pooled.float().cpu(), **settings}]]
