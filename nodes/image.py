"""Pictures: load, save, look at, resize."""

import math
from typing import Annotated, NamedTuple

from engine import Choice, Context, InputFile, Number, Shown, node
from nodes.diffusion.sampling.names import IMAGE_UPSCALES
from nodes.file_names import SavedPrefix
from nodes.picture_read import read_channel, read_frames, stack_frames
from nodes.picture_write import save_pictures, show_pictures, to_picture
from nodes.types import Image, Mask

MOST = 16384
Side = Annotated[int, Number(0, MOST, step=1)]
_SAVED_COMPRESSION = 4


class LoadedImage(NamedTuple):
    """What is in a picture file.

    Attributes:
        image: The colours.
        mask: The transparent parts.
    """

    image: Image
    mask: Mask


@node("LoadImage", title="Load Image", category="image")
def load_image(*, image: Annotated[str, InputFile()], context: Context) -> LoadedImage:
    """Load a picture from the input folder; its transparency becomes the mask.

    Args:
        image: The file. `name [output]` and `name [temp]` name files of those folders.
    """
    file = context.file("input", image, input_name="image")
    return LoadedImage(*stack_frames(read_frames(file.path, "image")))


@node("LoadImageOutput", title="Load Image (from Outputs)", category="image", experimental=True)
def load_image_output(
    *, image: Annotated[str, InputFile(folder="output")], context: Context
) -> LoadedImage:
    """Load a picture that a workflow saved.

    Args:
        image: The file.
    """
    file = context.file("output", image, input_name="image")
    return LoadedImage(*stack_frames(read_frames(file.path, "image")))


@node("LoadImageMask", title="Load Image (as Mask)", category="mask")
def load_image_mask(
    *,
    image: Annotated[str, InputFile()],
    channel: Annotated[str, Choice(("alpha", "red", "green", "blue"))],
    context: Context,
) -> Mask:
    """Load one channel of a picture as a mask.

    Args:
        image: The file.
        channel: Which channel; alpha is inverted, so that what is transparent is selected.
    """
    file = context.file("input", image, input_name="image")
    return read_channel(read_frames(file.path, "image")[0], channel).unsqueeze(0)


@node("SaveImage", title="Save Image", category="image", output=True, lane="io")
def save_image(
    *, images: Image, filename_prefix: SavedPrefix = "ComfyUI", context: Context
) -> Shown[None]:
    """Save pictures as PNG files that carry the workflow that made them.

    Args:
        images: The pictures.
        filename_prefix: Start of the file names. `/` makes folders; `%width%`, `%height%`,
            `%year%`, `%month%`, `%day%`, `%hour%`, `%minute%`, `%second%`, `%date:yyyy-MM-dd%` and
            `%batch_num%` are replaced.
    """
    shown = save_pictures(
        images,
        root=context.folders.output,
        kind="output",
        prefix=filename_prefix,
        compress_level=_SAVED_COMPRESSION,
        context=context,
    )
    return Shown(ui=shown)


@node("PreviewImage", title="Preview Image", category="image", output=True, lane="io")
def preview_image(*, images: Image, context: Context) -> Shown[None]:
    """Show pictures without keeping them.

    Args:
        images: The pictures.
    """
    return show_pictures(images, context)


def _always() -> float:
    """Return NaN: whoever listens this time has not got the pictures yet."""
    return math.nan


@node(
    "SaveImageWebsocket",
    title="Save Image (WebSocket)",
    category="api/image",
    output=True,
    fingerprint=_always,
)
def save_image_websocket(*, images: Image, context: Context) -> Shown[None]:
    """Send pictures to the client as PNG, in their own size, and keep nothing.

    Args:
        images: The pictures.
    """
    for number, image in enumerate(images, 1):
        context.progress(number, len(images), preview=to_picture(image), exact=True)
    return Shown(ui={})


@node("ImageScale", title="Upscale Image", category="image/upscaling")
def image_scale(
    *,
    image: Image,
    upscale_method: Annotated[str, Choice(IMAGE_UPSCALES)],
    width: Side = 512,
    height: Side = 512,
    crop: Annotated[str, Choice(("disabled", "center"))],
) -> Image:
    """Resize pictures.

    Args:
        image: The pictures.
        upscale_method: How colours between pixels are found.
        width: New width; 0 keeps the aspect ratio.
        height: New height; 0 keeps the aspect ratio.
        crop: Cut to the new aspect ratio instead of stretching.
    """
    from nodes.diffusion.resize import resize_image

    old_height, old_width = image.shape[1:3]
    if width == 0 and height == 0:
        return image
    if width == 0:
        width = max(1, round(old_width * height / old_height))
    elif height == 0:
        height = max(1, round(old_height * width / old_width))
    return resize_image(image, width, height, upscale_method, crop=crop == "center")


@node("ImageScaleBy", title="Upscale Image By", category="image/upscaling")
def image_scale_by(
    *,
    image: Image,
    upscale_method: Annotated[str, Choice(IMAGE_UPSCALES)],
    scale_by: Annotated[float, Number(0.01, 8.0, step=0.01)] = 1.0,
) -> Image:
    """Resize pictures by a factor.

    Args:
        image: The pictures.
        upscale_method: How colours between pixels are found.
        scale_by: Factor on both sides.
    """
    from nodes.diffusion.resize import resize_image

    width, height = round(image.shape[2] * scale_by), round(image.shape[1] * scale_by)
    return resize_image(image, max(1, width), max(1, height), upscale_method)


@node("ImageScaleToTotalPixels", category="image/upscaling")
def image_scale_to_total_pixels(
    *,
    image: Image,
    upscale_method: Annotated[str, Choice(IMAGE_UPSCALES)],
    megapixels: Annotated[float, Number(0.01, 16.0, step=0.01)] = 1.0,
) -> Image:
    """Resize pictures to about a number of pixels, keeping the aspect ratio.

    Args:
        image: The pictures.
        upscale_method: How colours between pixels are found.
        megapixels: In units of 1024 x 1024.
    """
    from nodes.diffusion.resize import resize_image

    factor = (megapixels * 1024 * 1024 / (image.shape[1] * image.shape[2])) ** 0.5
    width, height = round(image.shape[2] * factor), round(image.shape[1] * factor)
    return resize_image(image, width, height, upscale_method)


@node("ImageInvert", title="Invert Image", category="image")
def image_invert(*, image: Image) -> Image:
    """Turn each colour into its complement.

    Args:
        image: The pictures.
    """
    return 1.0 - image
