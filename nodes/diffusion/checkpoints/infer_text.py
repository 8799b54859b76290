"""Sizes of a text encoder, read off the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Mapping

from nodes.diffusion.checkpoints.config import TextConfig

Shapes = Mapping[str, tuple[int, ...]]
_HEAD_WIDTH = 64
_SIZES = {1024: "h", 1280: "g"}
_LAYER_MARKS = ("text_model.encoder.layers.{}.mlp.fc1", "transformer.resblocks.{}.mlp.c_fc")
_TABLES = ("text_model.embeddings.token_embedding.weight", "token_embedding.weight")
_PLACES = ("text_model.embeddings.position_embedding.weight", "positional_embedding")
_LINEAR_PROJECTION, _PLAIN_PROJECTION = "text_projection.weight", "text_projection"


def encoder_name(shapes: Shapes) -> str:
    """Return which of CLIP's sizes an encoder has: `l`, `h` or `g`."""
    return _SIZES.get(_first(shapes, _TABLES)[1], "l")


def infer_text(shapes: Shapes, name: str, *, is_part_of_pair: bool) -> TextConfig:
    """Return the configuration of the encoder that has these tensors.

    Args:
        shapes: By name in transformers' file layout or in open_clip's, without prefix.
        name: Which of CLIP's sizes it is.
        is_part_of_pair: It is one of SDXL's encoders, whose state is taken before the last layer
            and without its norm.

    Raises:
        KeyError: Tensors that every such encoder has are missing.
    """
    rows, width = _first(shapes, _TABLES)
    layers = 0
    while any(f"{mark.format(layers)}.weight" in shapes for mark in _LAYER_MARKS):
        layers += 1
    sdxl = is_part_of_pair or name == "g"
    return TextConfig(
        config={
            "vocab_size": rows,
            "hidden_size": width,
            "intermediate_size": _first(
                shapes, tuple(f"{mark.format(0)}.weight" for mark in _LAYER_MARKS)
            )[0],
            "num_hidden_layers": layers,
            "num_attention_heads": max(width // _HEAD_WIDTH, 1),
            "max_position_embeddings": _first(shapes, _PLACES)[0],
            "hidden_act": "quick_gelu" if name == "l" else "gelu",
            "projection_dim": _projected(shapes) or width,
        },
        projection=_projected(shapes) > 0,
        default_layer=-1 if name == "l" and not sdxl else -2,
        final_norm=not sdxl,
    )


def _first(shapes: Shapes, names: tuple[str, ...]) -> tuple[int, ...]:
    for name in names:
        if name in shapes:
            return shapes[name]
    raise KeyError(names[0])


def _projected(shapes: Shapes) -> int:
    """Return the width of the projected output; open_clip has that matrix the other way round."""
    if _LINEAR_PROJECTION in shapes:
        return shapes[_LINEAR_PROJECTION][0]
    return shapes.get(_PLAIN_PROJECTION, (0, 0))[1]
