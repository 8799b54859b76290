"""Batches of pictures saved as one moving picture."""

from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

from engine import Choice, Context, Number, Shown, node
from nodes.file_names import SavedPrefix, place, save_next
from nodes.picture_write import graph_exif, graph_texts, to_picture
from nodes.types import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image as Picture

CATEGORY = "image/animation"
METHODS = {"default": 4, "fastest": 0, "slowest": 6}
_MILLISECONDS = 1000.0
Rate = Annotated[float, Number(0.01, 1000.0, step=0.01)]


@node("SaveAnimatedWEBP", category=CATEGORY, output=True, lane="io")
def save_animated_webp(
    *,
    images: Image,
    filename_prefix: SavedPrefix = "ComfyUI",
    fps: Rate = 6.0,
    lossless: bool = True,
    quality: Annotated[int, Number(0, 100)] = 80,
    method: Annotated[str, Choice(tuple(METHODS))],
    context: Context,
) -> Shown[None]:
    """Save pictures as one moving WebP file that carries the workflow that made it.

    Args:
        images: The pictures, in order.
        filename_prefix: Start of the file name, with folders and tokens.
        fps: Pictures a second.
        lossless: Keep every pixel as it is.
        quality: Of lossy files, or how hard to squeeze lossless ones.
        method: How long to look for a smaller file.
    """

    def write(first: "Picture", file: BinaryIO, **options: Any) -> None:
        first.save(
            file,
            format="WEBP",
            exif=graph_exif(context),
            lossless=lossless,
            quality=quality,
            method=METHODS[method],
            **options,
        )

    return _saved(images, filename_prefix, ".webp", fps, write, context)


@node("SaveAnimatedPNG", category=CATEGORY, output=True, lane="io")
def save_animated_png(
    *,
    images: Image,
    filename_prefix: SavedPrefix = "ComfyUI",
    fps: Rate = 6.0,
    compress_level: Annotated[int, Number(0, 9)] = 4,
    context: Context,
) -> Shown[None]:
    """Save pictures as one moving PNG file that carries the workflow that made it.

    Args:
        images: The pictures, in order.
        filename_prefix: Start of the file name, with folders and tokens.
        fps: Pictures a second.
        compress_level: Higher is slower and smaller.
    """

    def write(first: "Picture", file: BinaryIO, **options: Any) -> None:
        chunks = _chunks(context)
        first.save(file, format="PNG", pnginfo=chunks, compress_level=compress_level, **options)

    return _saved(images, filename_prefix, ".png", fps, write, context)


def _saved(
    images: Image,
    prefix: str,
    suffix: str,
    fps: float,
    write: "Callable[..., None]",
    context: Context,
) -> Shown[None]:
    height, width = images.shape[1:3]
    where = place(context.folders.output, prefix, width=width, height=height)
    first, *rest = [to_picture(image) for image in images]
    options = {"save_all": True, "append_images": rest, "duration": int(_MILLISECONDS / fps)}
    name = save_next(where, suffix, lambda file: write(first, file, **options))
    shown = {"filename": name, "subfolder": where.subfolder, "type": "output"}
    return Shown(ui={"images": [shown], "animated": [len(images) > 1]})


def _chunks(context: Context) -> Any:
    """Return what the file tells as the chunks that ComfyUI writes behind moving pictures."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, text in graph_texts(context).items():
        content = key.encode("latin-1", "replace") + b"\0" + text.encode("latin-1", "replace")
        info.add(b"comf", content, after_idat=True)
    return info
