"""New models of any size, with random weights: where training from nothing begins."""

from typing import Annotated, Any, NamedTuple

from engine import Choice, Context, InputError, Number, Seed, node
from nodes.diffusion import handles
from nodes.library_errors import blaming
from nodes.training_run import reference
from nodes.types import Clip, Dataset, Model, Vae

CATEGORY = "training/models"
PREDICTIONS = ("v_prediction", "epsilon", "sample")


@node("CreateVAE", title="Create VAE", category=CATEGORY)
def create_vae(
    *,
    widths: str = "16,32,96,160",
    latent_channels: Annotated[int, Number(1, 64)] = 16,
    groups: Annotated[int, Number(1, 64)] = 8,
    layers: Annotated[int, Number(1, 8)] = 1,
    seed: Annotated[int, Seed()] = 0,
    context: Context,
) -> Vae:
    """Make an autoencoder with random weights, whose latents begin almost without noise.

    Args:
        widths: Channels of each level; each level after the first halves width and height.
        latent_channels: Numbers per cell of a latent.
        groups: Of its normalisation; divides all widths.
        layers: Per level.
        seed: Of the weights.
    """
    from nodes.diffusion.checkpoints import ModelConfig, create, save_checkpoint
    from nodes.diffusion.checkpoints.create import quieten
    from nodes.diffusion.checkpoints.presets import small_vae
    from nodes.diffusion.components import LatentFormat

    levels = _numbers(widths, "widths")
    latents = LatentFormat(channels=latent_channels, downscale=2 ** (len(levels) - 1), scale=1.0)
    vae = {
        **small_vae(levels, channels=latent_channels, groups=groups),
        "layers_per_block": layers,
    }
    with blaming("widths"):
        made = create(ModelConfig(family="sd1", vae=vae, latents=latents), seed)
    if made.autoencoder:
        quieten(made.autoencoder)
    path = context.folders.runs / "created" / f"vae-{_tag(vae, seed)}.safetensors"
    save_checkpoint(path, autoencoder=made.autoencoder)
    return handles.Vae(weights=reference(context, path))


class NewModel(NamedTuple):
    """A model that has learnt nothing yet.

    Attributes:
        MODEL: The denoising network.
        CLIP: The text encoder with its tokenizer.
    """

    MODEL: Model
    CLIP: Clip


@node("CreateModel", title="Create Model", category=CATEGORY)
def create_model(
    *,
    vae: Vae,
    dataset: Dataset,
    widths: str = "96,224",
    layers: Annotated[int, Number(1, 8)] = 1,
    heads: Annotated[int, Number(1, 64)] = 4,
    text_width: Annotated[int, Number(16, 4096, step=16)] = 128,
    text_layers: Annotated[int, Number(1, 48)] = 2,
    prediction: Annotated[str, Choice(PREDICTIONS)] = "v_prediction",
    seed: Annotated[int, Seed()] = 0,
    context: Context,
) -> NewModel:
    """Make a denoising network and a text encoder with random weights.

    Args:
        vae: Whose latents the network shall make.
        dataset: Whose words the text encoder shall know as whole tokens; others work in pieces.
        widths: Channels of each level of the network; each level has attention to the text.
        layers: Per level.
        heads: Of the attention of every level.
        text_width: Of the text encoder's states.
        text_layers: Of the text encoder.
        prediction: What the network is asked for.
        seed: Of the weights.
    """
    from nodes.diffusion.checkpoints import ModelConfig, create, save_checkpoint
    from nodes.diffusion.checkpoints.presets import small_text
    from nodes.diffusion.datasets.captions import vocabulary
    from nodes.diffusion.datasets.manifest import open_manifest
    from nodes.diffusion.residency import Residency

    with context.resource("residency", Residency).autoencoder(vae) as autoencoder:
        latents = autoencoder.latents
    words = tuple(vocabulary(open_manifest(dataset.manifest), dataset.captions))
    unet = {
        **_unet(_numbers(widths, "widths"), latents.channels, layers=layers, heads=heads),
        "sample_size": dataset.buckets.width // latents.downscale,
        "cross_attention_dim": text_width,
    }
    text = small_text(text_width, layers=text_layers, heads=max(1, text_width // 32), words=words)
    config = ModelConfig(
        family="sd1",
        unet=unet,
        text_encoders={"l": text},
        prediction=_PREDICTION[prediction],
        latents=latents,
    )
    with blaming("widths"):
        made = create(config, seed)
    path = context.folders.runs / "created" / f"model-{_tag(config.to_json(), words, seed)}"
    path = path.with_suffix(".safetensors")
    save_checkpoint(path, diffusion=made.diffusion, text_encoders=made.text_encoders)
    weights = reference(context, path)
    return NewModel(MODEL=handles.Model(weights=weights), CLIP=handles.Clip(weights=weights))


def _unet(widths: list[int], channels: int, *, layers: int, heads: int) -> dict[str, Any]:
    return {
        "in_channels": channels,
        "out_channels": channels,
        "block_out_channels": widths,
        "down_block_types": ["CrossAttnDownBlock2D"] * len(widths),
        "up_block_types": ["CrossAttnUpBlock2D"] * len(widths),
        "layers_per_block": layers,
        "attention_head_dim": heads,
    }


_PREDICTION: dict[str, handles.Prediction] = {
    "v_prediction": "v_prediction",
    "epsilon": "epsilon",
    "sample": "sample",
}


def _numbers(text: str, input_name: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise InputError(
            "not a list of widths", input=input_name, expected="numbers: 64,128", got=repr(text)
        )
    return numbers


def _tag(*parts: object) -> str:
    import hashlib

    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
