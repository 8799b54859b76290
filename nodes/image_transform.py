"""Pictures made, measured, cut, turned, put side by side and enlarged at the edges."""

from typing import Annotated, NamedTuple

from engine import Choice, Number, Output, node
from nodes.types import Image, Mask, Tensor

MOST = 16384
TRANSFORM = "image/transform"
TURNS = ("none", "90 degrees", "180 degrees", "270 degrees")
UPSCALES = ("area", "lanczos", "bilinear", "nearest-exact", "bicubic")
FLIPS = ("x-axis: vertically", "y-axis: horizontally")
COLORS = {
    "white": (1.0, 1.0, 1.0),
    "black": (0.0, 0.0, 0.0),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
}
Side = Annotated[int, Number(1, MOST, step=1)]
Offset = Annotated[int, Number(0, MOST, step=1)]
Border = Annotated[int, Number(0, MOST, step=8)]
_OUTSIDE = 0.5


@node("EmptyImage", category="image")
def empty_image(
    *,
    width: Side = 512,
    height: Side = 512,
    batch_size: Annotated[int, Number(1, 4096)] = 1,
    color: Annotated[int, Number(0, 0xFFFFFF, step=1, display="color")] = 0,
) -> Image:
    """Make pictures of one colour.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        batch_size: How many.
        color: The colour, red * 65536 + green * 256 + blue.
    """
    import torch

    levels = [(color >> shift & 0xFF) / 0xFF for shift in (16, 8, 0)]
    return torch.tensor(levels).expand(batch_size, height, width, 3).clone()


@node("ImageCrop", title="Image Crop", category=TRANSFORM)
def image_crop(
    *, image: Image, width: Side = 512, height: Side = 512, x: Offset = 0, y: Offset = 0
) -> Image:
    """Cut a rectangle out of pictures.

    Args:
        image: The pictures.
        width: Width.
        height: Height.
        x: Left edge.
        y: Upper edge.
    """
    left, top = min(x, image.shape[2] - 1), min(y, image.shape[1] - 1)
    return image[:, top : top + height, left : left + width]


@node("ImageFlip", category=TRANSFORM)
def image_flip(*, image: Image, flip_method: Annotated[str, Choice(FLIPS)]) -> Image:
    """Mirror pictures.

    Args:
        image: The pictures.
        flip_method: Upside down, or left to right.
    """
    return image.flip(1 if flip_method.startswith("x") else 2)


@node("ImageRotate", category=TRANSFORM)
def image_rotate(*, image: Image, rotation: Annotated[str, Choice(TURNS)]) -> Image:
    """Turn pictures clockwise.

    Args:
        image: The pictures.
        rotation: By how much.
    """
    return image.rot90(TURNS.index(rotation), (2, 1))


class Padded(NamedTuple):
    """A picture with new edges.

    Attributes:
        image: The picture, grey where it is new.
        mask: 1 where it is new.
    """

    image: Image
    mask: Mask


@node("ImagePadForOutpaint", title="Pad Image for Outpainting", category="image")
def image_pad_for_outpaint(
    *,
    image: Image,
    left: Border = 0,
    top: Border = 0,
    right: Border = 0,
    bottom: Border = 0,
    feathering: Offset = 40,
) -> Padded:
    """Enlarge pictures at the edges, with a mask of what is to be painted.

    Args:
        image: The pictures.
        left: Pixels at the left edge.
        top: Pixels at the upper edge.
        right: Pixels at the right edge.
        bottom: Pixels at the lower edge.
        feathering: How far the mask reaches softly into the old picture.
    """
    import torch

    count, height, width, channels = image.shape
    size = (height + top + bottom, width + left + right)
    padded = torch.full((count, *size, channels), _OUTSIDE)
    padded[:, top : top + height, left : left + width] = image
    mask = torch.ones(1, *size)
    inner = torch.zeros(height, width)
    if feathering > 0 and feathering * 2 < min(height, width):
        rows = _distance(height, first=top > 0, last=bottom > 0)
        columns = _distance(width, first=left > 0, last=right > 0)
        distance = torch.minimum(rows[:, None], columns[None, :])
        inner = ((feathering - distance).clamp_min(0) / feathering).square()
    mask[:, top : top + height, left : left + width] = inner
    return Padded(padded, mask)


@node("ImageStitch", title="Image Stitch", category=TRANSFORM)
def image_stitch(
    *,
    image1: Image,
    direction: Annotated[str, Choice(("right", "down", "left", "up"))] = "right",
    match_image_size: bool = True,
    spacing_width: Annotated[int, Number(0, 1024, step=2)] = 0,
    spacing_color: Annotated[str, Choice(tuple(COLORS))] = "white",
    image2: Image | None = None,
) -> Image:
    """Put two pictures side by side.

    Args:
        image1: The first picture.
        direction: Where the second goes.
        match_image_size: Resize the second to the touching side of the first; else pad the smaller.
        spacing_width: Pixels between them.
        spacing_color: Their colour.
        image2: The second picture.
    """
    import torch

    if image2 is None:
        return image1
    across = direction in {"left", "right"}
    channels = max(image1.shape[-1], image2.shape[-1])
    pair = [with_channels(image1, channels), with_channels(image2, channels)]
    pair[1] = _matched(*pair, across=across) if match_image_size else pair[1]
    count = max(len(part) for part in pair)
    side = max(part.shape[1 if across else 2] for part in pair)
    parts = [_centered(part[_cycle(len(part), count)], side, across=across) for part in pair]
    if direction in {"left", "up"}:
        parts.reverse()
    if spacing_width:
        shape = (count, side, spacing_width) if across else (count, spacing_width, side)
        colour = torch.tensor([*COLORS[spacing_color], *[1.0] * (channels - 3)])
        parts.insert(1, colour.expand(*shape, channels))
    return torch.cat(parts, dim=2 if across else 1)


class Size(NamedTuple):
    """How large a batch of pictures is."""

    width: Annotated[int, Output("width")]
    height: Annotated[int, Output("height")]
    batch_size: Annotated[int, Output("batch_size")]


@node("GetImageSize", title="Get Image Size", category="image")
def get_image_size(*, image: Image) -> Size:
    """Measure pictures.

    Args:
        image: The pictures.
    """
    return Size(image.shape[2], image.shape[1], image.shape[0])


@node("ImageScaleToMaxDimension", category="image/upscaling")
def image_scale_to_max_dimension(
    *,
    image: Image,
    upscale_method: Annotated[str, Choice(UPSCALES)],
    largest_size: Offset = 512,
) -> Image:
    """Resize pictures so that the longer side has a given length.

    Args:
        image: The pictures.
        upscale_method: How colours between pixels are found.
        largest_size: Length of the longer side.
    """
    from nodes.diffusion.resize import resize_image

    height, width = image.shape[1:3]
    factor = largest_size / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return resize_image(image, *size, upscale_method)


@node("ResizeAndPadImage", category=TRANSFORM)
def resize_and_pad_image(
    *,
    image: Image,
    target_width: Side = 512,
    target_height: Side = 512,
    padding_color: Annotated[str, Choice(("white", "black"))],
    interpolation: Annotated[
        str, Choice(("area", "bicubic", "nearest-exact", "bilinear", "lanczos"))
    ],
) -> Image:
    """Resize pictures until they fit into a size, and fill what is left of it.

    Args:
        image: The pictures.
        target_width: Width of the result.
        target_height: Height of the result.
        padding_color: What is put around the pictures.
        interpolation: How colours between pixels are found.
    """
    from torch.nn.functional import pad

    from nodes.diffusion.resize import resize_image

    height, width = image.shape[1:3]
    factor = min(target_width / width, target_height / height)
    width, height = max(1, int(width * factor)), max(1, int(height * factor))
    resized = resize_image(image, width, height, interpolation)
    left, top = (target_width - width) // 2, (target_height - height) // 2
    right, bottom = target_width - width - left, target_height - height - top
    value = COLORS[padding_color][0]
    return pad(resized, (0, 0, left, right, top, bottom), value=value)


def with_channels(image: Image, channels: int) -> Tensor:
    """Return pictures with so many channels; new ones are opaque, surplus ones are dropped."""
    from torch.nn.functional import pad

    missing = channels - image.shape[-1]
    return image[..., :channels] if missing <= 0 else pad(image, (0, missing), value=1.0)


def _distance(length: int, *, first: bool, last: bool) -> Tensor:
    """Return how far each place is from the ends that were enlarged."""
    import torch

    at = torch.arange(length)
    ahead = at if first else torch.full_like(at, length)
    behind = length - at if last else torch.full_like(at, length)
    return torch.minimum(ahead, behind).float()


def _matched(first: Tensor, second: Tensor, *, across: bool) -> Tensor:
    from nodes.diffusion.resize import resize_image

    height, width = second.shape[1:3]
    if across:
        size = max(1, round(width * first.shape[1] / height)), first.shape[1]
    else:
        size = first.shape[2], max(1, round(height * first.shape[2] / width))
    return resize_image(second, *size, "lanczos")


def _cycle(length: int, count: int) -> list[int]:
    return [min(index, length - 1) for index in range(count)]


def _centered(image: Tensor, side: int, *, across: bool) -> Tensor:
    from torch.nn.functional import pad

    missing = side - image.shape[1 if across else 2]
    first, last = missing // 2, missing - missing // 2
    margins = (0, 0, 0, 0, first, last) if across else (0, 0, first, last)
    return pad(image, margins)
