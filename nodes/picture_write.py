"""Writing pictures with the graph that made them inside, so that each brings it back."""

import json
import secrets
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine import Context, Shown
from nodes.file_names import place, save_next
from nodes.types import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_MODEL_TAG = 0x0110
"""The EXIF tag of the camera's model, where ComfyUI keeps the graph; the rest goes before it."""


def save_pictures(
    images: Image, *, root: Path, kind: str, prefix: str, compress_level: int, context: Context
) -> dict[str, list[Any]]:
    """Write a batch as PNG files and return what the editor shows.

    Args:
        images: Pictures [B, H, W, C] in 0..1.
        root: The folder that they stay beneath.
        kind: `output` or `temp`, for clients that fetch the files.
        prefix: Start of the names, with folders and tokens.
        compress_level: 0 to 9; higher is slower and smaller.
        context: Of the node; gives the graph.

    Raises:
        PathEscapeError: The prefix leads outside of the root.
        FileProblemError: A file cannot be written.
    """
    height, width = images.shape[1:3]
    where = place(root, prefix, width=width, height=height)
    saved: list[Any] = []
    for index, image in enumerate(images):
        picture = to_picture(image)

        def write(file: BinaryIO, picture: "Picture" = picture) -> None:
            info = graph_chunks(context)
            picture.save(file, format="PNG", pnginfo=info, compress_level=compress_level)

        name = save_next(where, ".png", write, batch=index)
        saved.append({"filename": name, "subfolder": where.subfolder, "type": kind})
    return {"images": saved}


def show_pictures(images: Image, context: Context) -> Shown[None]:
    """Write a batch to the folder for temporary files, quickly, and return what shows it.

    Args:
        images: Pictures [B, H, W, C] in 0..1.
        context: Of the node.

    Raises:
        FileProblemError: A file cannot be written.
    """
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(5))
    shown = save_pictures(
        images,
        root=context.folders.temp,
        kind="temp",
        prefix=f"ComfyUI_temp_{letters}",
        compress_level=1,
        context=context,
    )
    return Shown(ui=shown)


def to_picture(image: Image) -> "Picture":
    """Return one picture [H, W, C] as 8-bit PIL picture; values are cut to 0..1 and truncated."""
    import numpy as np
    import torch
    from PIL import Image as PilImage

    pixels = (image.detach().float() * 255.0).clamp(0, 255).to(torch.uint8).cpu().numpy()
    if pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    return PilImage.fromarray(np.ascontiguousarray(pixels))


def graph_texts(context: Context) -> dict[str, str]:
    """Return what a saved file tells about its making, as JSON by key; nothing where it must not.

    `prompt` is the graph, `workflow` the canvas; clients may add more.
    """
    if not context.saves_metadata:
        return {}
    graph = {"prompt": context.prompt} if context.prompt else {}
    told = {**graph, **(context.extra_pnginfo or {})}
    return {key: json.dumps(value) for key, value in told.items()}


def graph_exif(context: Context) -> Any:
    """Return what a saved file tells as texts of an EXIF block, for formats without chunks."""
    from PIL.Image import Exif

    exif = Exif()
    texts = graph_texts(context)
    if "prompt" in texts:
        exif[_MODEL_TAG] = f"prompt:{texts.pop('prompt')}"
    for tag, (key, text) in zip(range(_MODEL_TAG - 1, 0, -1), texts.items(), strict=False):
        exif[tag] = f"{key}:{text}"
    return exif


def graph_chunks(context: Context) -> Any:
    """Return what a saved file tells as the text chunks of a PNG file."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, text in graph_texts(context).items():
        info.add_text(key, text)
    return info
