"""Names of a text encoder's tensors: those of transformers and of open_clip.

transformers 5 names a plain text model without the `text_model.` that all files have.
"""

from __future__ import annotations

from collections.abc import Iterable

from nodes.diffusion.checkpoints.stored import Stored

PREFIXES = {
    "sd1": {"l": "cond_stage_model.transformer."},
    "sd2": {"h": "cond_stage_model.model."},
    "sdxl": {"l": "conditioner.embedders.0.transformer.", "g": "conditioner.embedders.1.model."},
    "sdxl_refiner": {"g": "conditioner.embedders.0.model."},
}
"""What stands before an encoder's names in a full checkpoint, by family and encoder."""
TOKEN_IDS = "text_model.embeddings.token_ids"  # noqa: S105 - no password
"""Name of the tensor [rows] of CLIP ids that a reduced vocabulary keeps."""

_TOP = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
}
_LAYER = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}
_QKV = {"self_attn.q_proj": 0, "self_attn.k_proj": 1, "self_attn.v_proj": 2}
_LAYERS = "encoder.layers."


def transformers_places(names: Iterable[str]) -> dict[str, Stored]:
    """Return where tensors are in the layout that SD1.x files have, without the prefix."""
    return {name: Stored(key=file_name(name)) for name in names}


def open_clip_places(names: Iterable[str]) -> dict[str, Stored]:
    """Return where tensors are in open_clip's layout, without the prefix.

    Thirds of one stored tensor come in the order query, key, value.
    """
    places = {name: _open_clip(name) for name in names}
    return dict(sorted(places.items(), key=lambda item: item[1].third or 0))


def file_name(name: str) -> str:
    """Return the name that files use for a name in the network."""
    if name.startswith(("text_model.", "text_projection.")):
        return name
    return f"text_model.{name}"


def _open_clip(name: str) -> Stored:
    short = file_name(name).removeprefix("text_model.")
    if short == "text_projection.weight":
        return Stored(key="text_projection", transposed=True)
    if not short.startswith(_LAYERS):
        return Stored(key=_TOP[short])
    number, rest = short.removeprefix(_LAYERS).split(".", 1)
    module, kind = rest.rsplit(".", 1)
    block = f"transformer.resblocks.{number}"
    if module in _QKV:
        return Stored(key=f"{block}.attn.in_proj_{kind}", third=_QKV[module])
    return Stored(key=f"{block}.{_LAYER[module]}.{kind}")
