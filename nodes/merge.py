"""Models out of models, and models to files."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from engine import Context, Number, Shown, node
from nodes.diffusion import handles
from nodes.file_names import SavedPrefix, place, save_next
from nodes.library_errors import blaming
from nodes.picture_write import graph_texts
from nodes.types import Clip, Model, Vae

CATEGORY = "advanced/model_merging"
RATIO = Number(0.0, 1.0, step=0.01)
MULTIPLIER = Number(-10.0, 10.0, step=0.01)
H = TypeVar("H", handles.Model, handles.Clip)


@node("ModelMergeSimple", category=CATEGORY)
def merge_models(
    *, model1: Model, model2: Model, ratio: Annotated[float, RATIO] = 1.0, context: Context
) -> Model:
    """Average two denoising networks of the same size.

    Args:
        model1: One of them.
        model2: The other one.
        ratio: Share of `model1`; the rest is `model2`'s.
    """
    return _merged(model1, handles.ModelMerge(other=model2, ratio=ratio), context)


@node("ModelMergeBlocks", category=CATEGORY)
def merge_blocks(
    *,
    model1: Model,
    model2: Model,
    input: Annotated[float, RATIO] = 1.0,  # noqa: A002 - ComfyUI's name
    middle: Annotated[float, RATIO] = 1.0,
    out: Annotated[float, RATIO] = 1.0,
    context: Context,
) -> Model:
    """Average two denoising networks of the same size, each part in its own ratio.

    Args:
        model1: One of them.
        model2: The other one.
        input: Share of `model1` in the blocks on the way down, and in what belongs to no block.
        middle: Its share in the block in the middle.
        out: Its share in the blocks on the way up and in the output.
    """
    blocks = (("input", input), ("middle", middle), ("out", out))
    merge = handles.ModelMerge(other=model2, ratio=input, blocks=blocks)
    return _merged(model1, merge, context)


@node("CLIPMergeSimple", category=CATEGORY)
def merge_clips(
    *, clip1: Clip, clip2: Clip, ratio: Annotated[float, RATIO] = 1.0, context: Context
) -> Clip:
    """Average two text encoders of the same size.

    Args:
        clip1: One of them; its vocabulary is kept.
        clip2: The other one.
        ratio: Share of `clip1`; the rest is `clip2`'s.
    """
    return _merged(clip1, handles.ClipMerge(other=clip2, ratio=ratio), context)


@node("ModelMergeAdd", category=CATEGORY)
def add_models(*, model1: Model, model2: Model, context: Context) -> Model:
    """Add two denoising networks; the second one is usually a difference."""
    return _merged(model1, handles.ModelSum(other=model2, own=1.0, others=1.0), context)


@node("ModelMergeSubtract", category=CATEGORY)
def subtract_models(
    *,
    model1: Model,
    model2: Model,
    multiplier: Annotated[float, MULTIPLIER] = 1.0,
    context: Context,
) -> Model:
    """Take the difference of two denoising networks, to be added to a third one.

    Args:
        model1: What is subtracted from.
        model2: What is subtracted.
        multiplier: Factor on the difference.
    """
    difference = handles.ModelSum(other=model2, own=multiplier, others=-multiplier)
    return _merged(model1, difference, context)


@node("CLIPMergeAdd", category=CATEGORY)
def add_clips(*, clip1: Clip, clip2: Clip, context: Context) -> Clip:
    """Add two text encoders; the second one is usually a difference."""
    return _merged(clip1, handles.ClipSum(other=clip2, own=1.0, others=1.0), context)


@node("CLIPMergeSubtract", category=CATEGORY)
def subtract_clips(
    *, clip1: Clip, clip2: Clip, multiplier: Annotated[float, MULTIPLIER] = 1.0, context: Context
) -> Clip:
    """Take the difference of two text encoders, to be added to a third one.

    Args:
        clip1: What is subtracted from.
        clip2: What is subtracted.
        multiplier: Factor on the difference.
    """
    difference = handles.ClipSum(other=clip2, own=multiplier, others=-multiplier)
    return _merged(clip1, difference, context)


@node("CheckpointSave", title="Save Checkpoint", category=CATEGORY, output=True)
def save_checkpoint(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    filename_prefix: SavedPrefix = "checkpoints/ComfyUI",
    context: Context,
) -> Shown[None]:
    """Save a model with all its patches as one file that loads like any other checkpoint.

    Args:
        model: The denoising network.
        clip: The text encoder.
        vae: The autoencoder.
        filename_prefix: Beneath the output folder; a number is added.
    """
    return _save(context, filename_prefix, model=model, clip=clip, vae=vae)


@node("ModelSave", category=CATEGORY, output=True)
def save_model(
    *, model: Model, filename_prefix: SavedPrefix = "diffusion_models/ComfyUI", context: Context
) -> Shown[None]:
    """Save a denoising network with all its patches as a file of its own.

    Args:
        model: The denoising network.
        filename_prefix: Beneath the output folder; a number is added.
    """
    return _save(context, filename_prefix, model=model)


@node("CLIPSave", category=CATEGORY, output=True)
def save_clip(
    *, clip: Clip, filename_prefix: SavedPrefix = "clip/ComfyUI", context: Context
) -> Shown[None]:
    """Save a text encoder with all its patches as a file of its own.

    Args:
        clip: The text encoder.
        filename_prefix: Beneath the output folder; a number is added.
    """
    return _save(context, filename_prefix, clip=clip)


@node("VAESave", category=CATEGORY, output=True)
def save_vae(
    *, vae: Vae, filename_prefix: SavedPrefix = "vae/ComfyUI_vae", context: Context
) -> Shown[None]:
    """Save an autoencoder as a file of its own.

    Args:
        vae: The autoencoder.
        filename_prefix: Beneath the output folder; a number is added.
    """
    return _save(context, filename_prefix, vae=vae)


def _merged(handle: H, step: Any, context: Context) -> H:
    """Return a handle with one more patch, after a look whether the sizes fit."""
    from nodes.diffusion.residency import Residency

    merged = replace(handle, patches=(*handle.patches, step))
    with blaming():
        context.resource("residency", Residency).check(merged)
    return merged


def _save(
    context: Context,
    prefix: str,
    *,
    model: handles.Model | None = None,
    clip: handles.Clip | None = None,
    vae: handles.Vae | None = None,
) -> Shown[None]:
    from nodes.diffusion import checkpoints
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    where = place(context.folders.output, prefix)
    sources = [handle for handle in (model, clip, vae) if handle is not None]
    with blaming(), ExitStack() as lent:
        tensors, metadata = checkpoints.checkpoint_content(
            diffusion=model and lent.enter_context(residency.diffusion(model)),
            text_encoders=clip and lent.enter_context(residency.text_encoders(clip)),
            autoencoder=vae and lent.enter_context(residency.autoencoder(vae)),
            metadata=_provenance(context, sources),
            dtype=residency.file_dtype(sources[0]),
        )
        name = save_next(
            where, ".safetensors", lambda file: checkpoints.write_tensors(file, tensors, metadata)
        )
    return Shown(ui={"files": [{"filename": name, "subfolder": where.subfolder, "type": "output"}]})


def _provenance(
    context: Context, sources: list[handles.Model | handles.Clip | handles.Vae]
) -> dict[str, str]:
    """Return what the file tells about its making: the graph, and the files it is made of."""
    from nodes.diffusion.provenance import weights_of

    files = {weights for source in sources for weights in weights_of(source)}
    made_of = {weights.sha256: Path(weights.path).name for weights in files}
    merged = ", ".join(sorted(made_of.values()))
    return {
        **graph_texts(context),
        "latentloom.sources": json.dumps(made_of, sort_keys=True),
        **({"modelspec.merged_from": merged} if len(made_of) > 1 else {}),
    }
