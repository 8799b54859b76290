"""What training has made, put to use: LoRAs on top of models, files to keep and to give away."""

import dataclasses
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NamedTuple

from engine import Choice, Context, Number, Shown, Text, node
from nodes.diffusion import handles
from nodes.file_names import place, save_next
from nodes.library_errors import blaming
from nodes.types import Clip, LoraFile, Model, Vae

CATEGORY = "training"
DTYPES = ("float16", "bfloat16", "float32")
STRENGTH = Number(-100.0, 100.0, step=0.01)


class WithLora(NamedTuple):
    """A model with a LoRA on top.

    Attributes:
        MODEL: The changed denoising network.
        CLIP: The changed text encoder.
    """

    MODEL: Model
    CLIP: Clip


@node("ApplyLoRA", title="Apply Trained LoRA", category=CATEGORY)
def apply_lora(
    *,
    model: Model,
    clip: Clip,
    lora: LoraFile,
    strength_model: Annotated[float, STRENGTH] = 1.0,
    strength_clip: Annotated[float, STRENGTH] = 1.0,
) -> WithLora:
    """Put a LoRA that was just trained on top of a model, at any strength.

    Args:
        model: The denoising network to change.
        clip: The text encoder to change.
        lora: The LoRA.
        strength_model: How much of it the network gets.
        strength_clip: How much of it the text encoder gets.
    """
    if strength_model:
        patch = handles.LoraPatch(weights=lora, strength=strength_model)
        model = dataclasses.replace(model, patches=(*model.patches, patch))
    if strength_clip:
        patch = handles.LoraPatch(weights=lora, strength=strength_clip)
        clip = dataclasses.replace(clip, patches=(*clip.patches, patch))
    return WithLora(MODEL=model, CLIP=clip)


@node("SaveLoRA", title="Save LoRA", category=CATEGORY, output=True)
def save_lora(
    *, lora: LoraFile, filename_prefix: str = "loras/latentloom", context: Context
) -> Shown[None]:
    """Save a trained LoRA as a file; moved to `models/loras/`, it loads like any other.

    Args:
        lora: The LoRA.
        filename_prefix: Beneath the output folder; a number is added.
    """
    where = place(context.folders.output, filename_prefix)
    with Path(lora.path).open("rb") as source:
        name = save_next(where, ".safetensors", lambda target: shutil.copyfileobj(source, target))
    return Shown(ui={"files": [{"filename": name, "subfolder": where.subfolder, "type": "output"}]})


@node("CheckpointExport", title="Export Checkpoint", category=CATEGORY, output=True)
def export_checkpoint(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    filename_prefix: str = "checkpoints/latentloom",
    dtype: Annotated[str, Choice(DTYPES)] = "float16",
    vae_dtype: Annotated[str, Choice(("same", *DTYPES, "float8_e4m3fn"))] = "same",
    title: str = "",
    description: Annotated[str, Text(multiline=True)] = "",
    license: str = "",  # noqa: A002 - the name that the file's metadata has for it
    context: Context,
) -> Shown[None]:
    """Save a model to give away: in the precision you choose, with its title and licence.

    The same model gives the same bytes.

    Args:
        model: The denoising network.
        clip: The text encoder.
        vae: The autoencoder.
        filename_prefix: Beneath the output folder; a number is added.
        dtype: Of the numbers in the file.
        vae_dtype: Of the autoencoder's weights, which bear fewer bits better than the network's.
        title: Of the model.
        description: What it is made of, attributions included.
        license: Under which it may be used.
    """
    import torch

    from nodes.diffusion import checkpoints
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    where = place(context.folders.output, filename_prefix)
    told = {"title": title, "description": description, "license": license}
    metadata = {f"modelspec.{name}": text for name, text in told.items() if text}
    with blaming(), ExitStack() as lent:
        tensors, header = checkpoints.checkpoint_content(
            diffusion=lent.enter_context(residency.diffusion(model)),
            text_encoders=lent.enter_context(residency.text_encoders(clip)),
            autoencoder=lent.enter_context(residency.autoencoder(vae)),
            metadata=metadata,
            dtype=getattr(torch, dtype),
            vae_dtype=None if vae_dtype == "same" else getattr(torch, vae_dtype),
        )
        name = save_next(
            where, ".safetensors", lambda file: checkpoints.write_tensors(file, tensors, header)
        )
    return Shown(ui={"files": [{"filename": name, "subfolder": where.subfolder, "type": "output"}]})
