"""Latents in files: safetensors with the graph that made them."""

from typing import Annotated, BinaryIO

from engine import Choice, Context, FileProblemError, Shown, node
from nodes.file_names import SavedPrefix, place, save_next
from nodes.picture_write import graph_texts
from nodes.types import Latent

_VERSION = "latent_format_version_0"
_OLD_SCALE = 1 / 0.18215


@node("SaveLatent", category="_for_testing", output=True, lane="io")
def save_latent(
    *, samples: Latent, filename_prefix: SavedPrefix = "latents/ComfyUI", context: Context
) -> Shown[None]:
    """Save latents for later.

    Args:
        samples: The latents.
        filename_prefix: Start of the file name, with folders and tokens.
    """
    import torch
    from safetensors.torch import save

    tensors = {"latent_tensor": samples["samples"].contiguous(), _VERSION: torch.tensor([])}

    def write(file: BinaryIO) -> None:
        file.write(save(tensors, graph_texts(context) or None))

    where = place(context.folders.output, filename_prefix)
    name = save_next(where, ".latent", write)
    saved = {"filename": name, "subfolder": where.subfolder, "type": "output"}
    return Shown(ui={"latents": [saved]})


@node("LoadLatent", category="_for_testing")
def load_latent(*, latent: Annotated[str, Choice(folder="input")], context: Context) -> Latent:
    """Load latents that were saved.

    Args:
        latent: The file.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    file = context.file("input", latent, input_name="latent")
    try:
        tensors = load(file.path.read_bytes())
        samples = tensors["latent_tensor"].float()
    except (SafetensorError, KeyError, OSError) as error:
        raise FileProblemError(
            f"{latent} does not hold a latent",
            input="latent",
            expected="a file that SaveLatent wrote",
            got=str(error),
        ) from error
    return {"samples": samples if _VERSION in tensors else samples * _OLD_SCALE}
