"""What the modules of a network are called in LoRA files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nodes.diffusion.checkpoints.keys_text import file_name
from nodes.diffusion.checkpoints.stored import Stored

_OLD_ATTENTION = {"q_proj": "to_q", "k_proj": "to_k", "v_proj": "to_v", "out_proj": "to_out"}


def unet_names(places: Mapping[str, Stored]) -> dict[str, str]:
    """Return the weight of the network by each name that LoRA files call its module.

    Args:
        places: Where the network's tensors are in the original layout, without prefix.
    """
    names: dict[str, str] = {}
    for parameter, place in places.items():
        if not parameter.endswith(".weight"):
            continue
        for name in _unet_module(
            parameter.removesuffix(".weight"), place.key.removesuffix(".weight")
        ):
            names[name] = parameter
    return names


def text_names(parameters: Iterable[str], encoder: str, encoders: Iterable[str]) -> dict[str, str]:
    """Return the weight of a text encoder by each name that LoRA files call its module.

    Args:
        parameters: Of the encoder's network.
        encoder: Its name: `l`, `h` or `g`.
        encoders: Names of all encoders of the model.
    """
    second = encoder == "g" and "l" in encoders
    names: dict[str, str] = {}
    for parameter in parameters:
        if parameter.endswith(".weight"):
            module = file_name(parameter).removesuffix(".weight")
            for name in _text_module(module, encoder, second=second):
                names[name] = parameter
    return names


def _unet_module(diffusers: str, original: str) -> Iterator[str]:
    """Yield kohya's, LyCORIS', diffusers', peft's and ComfyUI's names of a module."""
    flat = diffusers.replace(".", "_")
    yield f"lora_unet_{original.replace('.', '_')}"
    yield f"diffusion_model.{original}"
    yield f"lora_unet_{flat}"
    yield f"lycoris_{flat}"
    processor = diffusers.replace(".to_", ".processor.to_")
    for path in dict.fromkeys((diffusers, processor, processor.replace(".to_out.0", ".to_out"))):
        yield path
        yield f"unet.{path}"
        yield f"base_model.model.{path}"


def _text_module(module: str, encoder: str, *, second: bool) -> Iterator[str]:
    flat = module.replace(".", "_")
    yield f"text_encoders.clip_{encoder}.transformer.{module}"
    kohya = ("lora_te2",) if second else ("lora_te", "lora_te1")
    for prefix in kohya:
        yield f"{prefix}_{flat}"
    component = "text_encoder_2" if second else "text_encoder"
    yield f"{component}.{module}"
    parent, _, last = module.rpartition(".")
    if last in _OLD_ATTENTION:
        yield f"{component}.{parent}.{_OLD_ATTENTION[last]}"
    if not second:
        yield f"base_model.model.{module}"
