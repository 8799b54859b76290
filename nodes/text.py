"""Prompts to conditioning, and what can be done with conditioning."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from engine import Choice, Context, Number, Text, node
from nodes.embeddings import embedding_loader, embedding_stamps
from nodes.library_errors import blaming
from nodes.types import Clip, Conditioning, Mask

if TYPE_CHECKING:
    from torch import Tensor

CATEGORY = "conditioning"
STRENGTH = Number(0.0, 10.0, step=0.01)
SHARE = Number(0.0, 1.0, step=0.01)
PIXELS = Number(0, 16384, step=8)


@node(
    "CLIPTextEncode",
    title="CLIP Text Encode (Prompt)",
    category=CATEGORY,
    fingerprint=embedding_stamps,
)
def encode_text(
    *,
    text: Annotated[str, Text(multiline=True, dynamic_prompts=True)],
    clip: Clip,
    context: Context,
) -> Conditioning:
    """Encode a prompt: what guides the denoising towards it.

    Args:
        text: The prompt. `(word:1.3)` weighs a word, `embedding:name` inserts a textual inversion.
        clip: The text encoder.
    """
    import torch

    from nodes.diffusion.residency import Residency
    from nodes.diffusion.text import encode

    residency = context.resource("residency", Residency)
    with blaming("clip"), residency.text_encoders(clip) as encoders, torch.no_grad():
        encoded, pooled = encode(encoders, text, clip.layer, embedding_loader(context.folders))
    return [[encoded.float().cpu(), {"pooled_output": pooled.float().cpu()}]]


@node("CLIPSetLastLayer", title="CLIP Set Last Layer", category=CATEGORY)
def set_last_layer(
    *, clip: Clip, stop_at_clip_layer: Annotated[int, Number(-24, -1, step=1)] = -1
) -> Clip:
    """Take the conditioning from another layer of the text encoder.

    Args:
        clip: The text encoder.
        stop_at_clip_layer: Counted from the end; -1 is the last layer.
    """
    return replace(clip, layer=stop_at_clip_layer)


@node("ConditioningCombine", title="Conditioning (Combine)", category=CATEGORY)
def combine(*, conditioning_1: Conditioning, conditioning_2: Conditioning) -> Conditioning:
    """Let two conditionings guide the picture together: their predictions are averaged."""
    return [*conditioning_1, *conditioning_2]


@node("ConditioningConcat", title="Conditioning (Concat)", category=CATEGORY)
def concat(*, conditioning_to: Conditioning, conditioning_from: Conditioning) -> Conditioning:
    """Append the tokens of one conditioning to those of another.

    Args:
        conditioning_to: What is appended to; its settings stay.
        conditioning_from: Its first entry is appended to each.
    """
    import torch

    appended = conditioning_from[0][0]
    return [[torch.cat((encoded, appended), 1), settings] for encoded, settings in conditioning_to]


@node("ConditioningAverage", category=CATEGORY)
def average(
    *,
    conditioning_to: Conditioning,
    conditioning_from: Conditioning,
    conditioning_to_strength: Annotated[float, SHARE] = 1.0,
) -> Conditioning:
    """Average two conditionings token by token.

    Args:
        conditioning_to: Decides the number of tokens and the settings.
        conditioning_from: Its first entry is cut, or filled up with zeros, to that number.
        conditioning_to_strength: Share of `conditioning_to`; the rest is `conditioning_from`'s.
    """
    share = conditioning_to_strength
    other, other_settings = conditioning_from[0]
    other_pooled = other_settings.get("pooled_output")
    averaged: list[list[Any]] = []
    for encoded, settings in conditioning_to:
        mixed = encoded * share + _of_length(other, encoded.shape[1]) * (1.0 - share)
        pooled = settings.get("pooled_output", other_pooled)
        if pooled is not None and other_pooled is not None:
            pooled = pooled * share + other_pooled * (1.0 - share)
        added = {} if pooled is None else {"pooled_output": pooled}
        averaged.append([mixed, {**settings, **added}])
    return averaged


@node("ConditioningSetArea", title="Conditioning (Set Area)", category=CATEGORY)
def set_area(
    *,
    conditioning: Conditioning,
    width: Annotated[int, Number(64, 16384, step=8)] = 64,
    height: Annotated[int, Number(64, 16384, step=8)] = 64,
    x: Annotated[int, PIXELS] = 0,
    y: Annotated[int, PIXELS] = 0,
    strength: Annotated[float, STRENGTH] = 1.0,
) -> Conditioning:
    """Let a conditioning guide only a rectangle of the picture, in pixels.

    Args:
        conditioning: What is to be seen there.
        width: Of the rectangle.
        height: Of the rectangle.
        x: Its left edge.
        y: Its upper edge.
        strength: Its weight against other conditionings there.
    """
    area = (height // 8, width // 8, y // 8, x // 8)
    return _with(conditioning, area=area, strength=strength, set_area_to_bounds=False)


@node(
    "ConditioningSetAreaPercentage",
    title="Conditioning (Set Area with Percentage)",
    category=CATEGORY,
)
def set_area_percentage(
    *,
    conditioning: Conditioning,
    width: Annotated[float, SHARE] = 1.0,
    height: Annotated[float, SHARE] = 1.0,
    x: Annotated[float, SHARE] = 0.0,
    y: Annotated[float, SHARE] = 0.0,
    strength: Annotated[float, STRENGTH] = 1.0,
) -> Conditioning:
    """Let a conditioning guide only a rectangle of the picture, in shares of its size.

    Args:
        conditioning: What is to be seen there.
        width: Of the rectangle.
        height: Of the rectangle.
        x: Its left edge.
        y: Its upper edge.
        strength: Its weight against other conditionings there.
    """
    area = ("percentage", height, width, y, x)
    return _with(conditioning, area=area, strength=strength, set_area_to_bounds=False)


@node("ConditioningSetAreaStrength", category=CATEGORY)
def set_area_strength(
    *, conditioning: Conditioning, strength: Annotated[float, STRENGTH] = 1.0
) -> Conditioning:
    """Weigh a conditioning against others.

    Args:
        conditioning: What is weighed.
        strength: Its weight.
    """
    return _with(conditioning, strength=strength)


@node("ConditioningSetMask", title="Conditioning (Set Mask)", category=CATEGORY)
def set_mask(
    *,
    conditioning: Conditioning,
    mask: Mask,
    strength: Annotated[float, STRENGTH] = 1.0,
    set_cond_area: Annotated[str, Choice(("default", "mask bounds"))],
) -> Conditioning:
    """Let a conditioning guide only the masked part of the picture.

    Args:
        conditioning: What is to be seen there.
        mask: 1 where it counts.
        strength: Its weight against other conditionings there.
        set_cond_area: `mask bounds` computes only the mask's bounding box.
    """
    batch = mask if len(mask.shape) > 2 else mask[None]  # noqa: PLR2004 - a batch of masks
    bounds = set_cond_area != "default"
    return _with(conditioning, mask=batch, set_area_to_bounds=bounds, mask_strength=strength)


@node("ConditioningZeroOut", category="advanced/conditioning")
def zero_out(*, conditioning: Conditioning) -> Conditioning:
    """Replace a conditioning by zeros of the same shape."""
    zeroed: list[list[Any]] = []
    for encoded, settings in conditioning:
        pooled = settings.get("pooled_output")
        added = {} if pooled is None else {"pooled_output": pooled * 0.0}
        zeroed.append([encoded * 0.0, {**settings, **added}])
    return zeroed


@node("ConditioningSetTimestepRange", category="advanced/conditioning")
def set_timestep_range(
    *,
    conditioning: Conditioning,
    start: Annotated[float, Number(0.0, 1.0, step=0.001)] = 0.0,
    end: Annotated[float, Number(0.0, 1.0, step=0.001)] = 1.0,
) -> Conditioning:
    """Let a conditioning guide only a part of the denoising.

    Args:
        conditioning: What guides.
        start: Share of the denoising after which it begins.
        end: Share of the denoising after which it ends.
    """
    return _with(conditioning, start_percent=start, end_percent=end)


def _with(conditioning: Conditioning, **settings: Any) -> Conditioning:
    return [[encoded, {**before, **settings}] for encoded, before in conditioning]


def _of_length(encoded: "Tensor", tokens: int) -> "Tensor":
    import torch

    cut = encoded[:, :tokens]
    return torch.nn.functional.pad(cut, (0, 0, 0, tokens - cut.shape[1]))
