"""LoRA files on top of models."""

from dataclasses import replace
from typing import Annotated, Any, NamedTuple, TypeVar

from engine import Choice, Context, Number, Output, node
from nodes.diffusion import handles
from nodes.library_errors import blaming
from nodes.types import Clip, Model

H = TypeVar("H", handles.Model, handles.Clip)
STRENGTH = Number(-100.0, 100.0, step=0.01)


class Patched(NamedTuple):
    """A model with a LoRA on top.

    Attributes:
        model: The changed denoising network.
        clip: The changed text encoder.
    """

    model: Annotated[Model, Output(name="MODEL")]
    clip: Annotated[Clip, Output(name="CLIP")]


def _place(context: Context, lora_name: str | None) -> Any:
    # an equal file in another place gives an equal handle, but one that knows the new place
    return lora_name and str(context.folders.find("loras", lora_name))


@node("LoraLoader", title="Load LoRA", category="loaders", fingerprint=_place)
def load_lora(
    *,
    model: Model,
    clip: Clip,
    lora_name: Annotated[str, Choice(folder="loras")],
    strength_model: Annotated[float, STRENGTH] = 1.0,
    strength_clip: Annotated[float, STRENGTH] = 1.0,
    context: Context,
) -> Patched:
    """Change a model and its text encoder by a LoRA, LoHa, LoKr or DoRA file.

    Args:
        model: The denoising network to change.
        clip: The text encoder to change.
        lora_name: The file.
        strength_model: How much of it the network gets; negative values do the opposite.
        strength_clip: How much of it the text encoder gets.
    """
    if strength_model == 0 and strength_clip == 0:
        return Patched(model, clip)
    weights = _checked(context, lora_name, model, clip)
    return Patched(
        _with_lora(model, weights, strength_model), _with_lora(clip, weights, strength_clip)
    )


@node("LoraLoaderModelOnly", category="loaders", fingerprint=_place)
def load_lora_model_only(
    *,
    model: Model,
    lora_name: Annotated[str, Choice(folder="loras")],
    strength_model: Annotated[float, STRENGTH] = 1.0,
    context: Context,
) -> Model:
    """Change a denoising network by a LoRA file, and leave the text encoder as it is.

    Args:
        model: The denoising network to change.
        lora_name: The file.
        strength_model: How much of it the network gets; negative values do the opposite.
    """
    if strength_model == 0:
        return model
    return _with_lora(model, _checked(context, lora_name, model), strength_model)


def _with_lora(handle: H, weights: handles.Weights, strength: float) -> H:
    if strength == 0:
        return handle
    patch = handles.LoraPatch(weights=weights, strength=strength)
    return replace(handle, patches=(*handle.patches, patch))


def _checked(
    context: Context, lora_name: str, *targets: handles.Model | handles.Clip
) -> handles.Weights:
    """Return a reference to a LoRA file that fits, and tell which of its names do not."""
    from nodes.diffusion.patches import check_lora
    from nodes.diffusion.residency import Residency

    named = context.file("loras", lora_name, input_name="lora_name")
    residency = context.resource("residency", Residency)
    with blaming("lora_name"):
        networks = [
            network for target in targets for network in residency.pristine(target).values()
        ]
        names = {
            name: parameter for network in networks for name, parameter in network.names.items()
        }
        fit = check_lora(named.path, names)
    context.report(
        "lora", {"file": lora_name, "matched": fit.matched, "unmatched": list(fit.unmatched)}
    )
    weights = handles.Weights(sha256=named.sha256, path=str(named.path))
    residency.remember(weights)
    return weights
