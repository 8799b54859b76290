"""Models by name: what the loaders give are handles, nothing is loaded before it is used."""

from typing import Annotated, Any, NamedTuple

from engine import Choice, Context, Input, InputError, Output, node
from nodes.diffusion import handles
from nodes.library_errors import blaming
from nodes.types import Clip, Model, Vae

WEIGHT_DTYPES = ("default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2")
CLIP_TYPES = (
    "stable_diffusion",
    "stable_cascade",
    "sd3",
    "stable_audio",
    "mochi",
    "ltxv",
    "pixart",
    "cosmos",
    "lumina2",
    "wan",
    "hidream",
    "chroma",
    "ace",
    "omnigen2",
    "qwen_image",
    "hunyuan_image",
)


class Checkpoint(NamedTuple):
    """The three parts of a checkpoint.

    Attributes:
        model: The denoising network.
        clip: The text encoder with its tokenizer.
        vae: The autoencoder between pictures and latents.
    """

    model: Annotated[Model, Output(name="MODEL")]
    clip: Annotated[Clip, Output(name="CLIP")]
    vae: Annotated[Vae, Output(name="VAE")]


def _checkpoint_place(context: Context, ckpt_name: str | None) -> Any:
    # an equal file in another place gives an equal handle, but one that knows the new place
    return ckpt_name and str(context.folders.find("checkpoints", ckpt_name))


def _vae_place(context: Context, vae_name: str | None) -> Any:
    return vae_name and str(context.folders.find("vae", vae_name))


def _unet_place(context: Context, unet_name: str | None) -> Any:
    return unet_name and str(context.folders.find("diffusion_models", unet_name))


def _clip_place(context: Context, clip_name: str | None) -> Any:
    return clip_name and str(context.folders.find("text_encoders", clip_name))


@node(
    "CheckpointLoaderSimple",
    title="Load Checkpoint",
    category="loaders",
    fingerprint=_checkpoint_place,
    search_aliases=("model", "safetensors"),
)
def load_checkpoint(
    *, ckpt_name: Annotated[str, Choice(folder="checkpoints")], context: Context
) -> Checkpoint:
    """Load a model that is one file: network, text encoder and autoencoder.

    Args:
        ckpt_name: The checkpoint; its family is told from what is in the file.
    """
    weights = open_weights(context, "checkpoints", ckpt_name, "ckpt_name", "unet")
    return Checkpoint(
        model=handles.Model(weights=weights),
        clip=handles.Clip(weights=weights),
        vae=handles.Vae(weights=weights),
    )


@node("VAELoader", title="Load VAE", category="loaders", fingerprint=_vae_place)
def load_vae(*, vae_name: Annotated[str, Choice(folder="vae")], context: Context) -> Vae:
    """Load an autoencoder from a file of its own.

    Args:
        vae_name: The file; a checkpoint works too.
    """
    return handles.Vae(weights=open_weights(context, "vae", vae_name, "vae_name", "vae"))


@node(
    "UNETLoader",
    title="Load Diffusion Model",
    category="advanced/loaders",
    fingerprint=_unet_place,
)
def load_unet(
    *,
    unet_name: Annotated[str, Choice(folder="diffusion_models")],
    weight_dtype: Annotated[str, Choice(WEIGHT_DTYPES)],
    context: Context,
) -> Model:
    """Load a denoising network from a file of its own.

    Args:
        unet_name: The file; a checkpoint works too.
        weight_dtype: Accepted for workflows of other programs; weights always keep the precision
            that the device computes in.
    """
    del weight_dtype
    weights = open_weights(context, "diffusion_models", unet_name, "unet_name", "unet")
    return handles.Model(weights=weights)


@node("CLIPLoader", title="Load CLIP", category="advanced/loaders", fingerprint=_clip_place)
def load_clip(
    *,
    clip_name: Annotated[str, Choice(folder="text_encoders")],
    type: Annotated[str, Choice(CLIP_TYPES)],  # noqa: A002 - ComfyUI's name
    device: Annotated[str, Choice(("default", "cpu")), Input(optional=True)] = "default",
    context: Context,
) -> Clip:
    """Load a text encoder from a file of its own.

    Args:
        clip_name: The file; a checkpoint works too.
        type: Accepted for workflows of other programs; the kind is told from what is in the file.
        device: Accepted for workflows of other programs.
    """
    del type, device
    weights = open_weights(context, "text_encoders", clip_name, "clip_name", "text_encoders")
    return handles.Clip(weights=weights)


def open_weights(
    context: Context, folder: str, name: str, input_name: str, part: str
) -> handles.Weights:
    """Return a reference to a weights file after a look at its header.

    Args:
        context: Of the node.
        folder: Kind of model.
        name: As the workflow writes it.
        input_name: The input that is to blame.
        part: What the file must hold: `unet`, `vae` or `text_encoders`.

    Raises:
        FileProblemError: There is no such file.
        InputError: The file is broken, or holds something else.
    """
    from nodes.diffusion.checkpoints import describe
    from nodes.diffusion.residency import Residency

    named = context.file(folder, name, input_name=input_name)
    with blaming(input_name):
        description = describe(named.path)
    if not getattr(description, part):
        kinds = {"unet": "denoising network", "vae": "autoencoder", "text_encoders": "text encoder"}
        raise InputError(
            f"{name} holds no {kinds[part]}",
            input=input_name,
            expected=f"a file with a {kinds[part]}",
            got=", ".join(kinds[kind] for kind in kinds if getattr(description, kind)),
        )
    weights = handles.Weights(sha256=named.sha256, path=str(named.path))
    context.resource("residency", Residency).remember(weights)
    return weights
