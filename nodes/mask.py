"""Masks: make, change and combine them; convert them to pictures and back."""

from typing import Annotated

from engine import Choice, Context, InputError, Number, Shown, node
from nodes.picture_write import show_pictures
from nodes.types import Image, Mask, Tensor

CATEGORY = "mask"
MOST = 16384
CHANNELS = ("red", "green", "blue", "alpha")
OPERATIONS = ("multiply", "add", "subtract", "and", "or", "xor")
Side = Annotated[int, Number(1, MOST, step=1)]
Offset = Annotated[int, Number(0, MOST, step=1)]
Level = Annotated[float, Number(0.0, 1.0, step=0.01)]


@node("SolidMask", category=CATEGORY)
def solid_mask(*, value: Level = 1.0, width: Side = 512, height: Side = 512) -> Mask:
    """Make a mask of one value.

    Args:
        value: The value.
        width: Width in pixels.
        height: Height in pixels.
    """
    import torch

    return torch.full((1, height, width), value)


@node("InvertMask", category=CATEGORY)
def invert_mask(*, mask: Mask) -> Mask:
    """Select what was not selected.

    Args:
        mask: The mask.
    """
    return 1.0 - mask


@node("CropMask", category=CATEGORY)
def crop_mask(
    *, mask: Mask, x: Offset = 0, y: Offset = 0, width: Side = 512, height: Side = 512
) -> Mask:
    """Cut a rectangle out of masks.

    Args:
        mask: The masks.
        x: Left edge.
        y: Upper edge.
        width: Width.
        height: Height.
    """
    return _batched(mask)[:, y : y + height, x : x + width]


@node("MaskComposite", category=CATEGORY)
def mask_composite(
    *,
    destination: Mask,
    source: Mask,
    x: Offset = 0,
    y: Offset = 0,
    operation: Annotated[str, Choice(OPERATIONS)],
) -> Mask:
    """Combine two masks where they overlap.

    Args:
        destination: The mask that is changed.
        source: The mask that changes it.
        x: Where the left edge of the second lies on the first.
        y: Where its upper edge lies.
        operation: `and`, `or` and `xor` round both to 0 or 1 first.
    """
    result, above = _batched(destination).clone(), _batched(source)
    part = result[:, y : y + above.shape[1], x : x + above.shape[2]]
    above = above[:, : part.shape[1], : part.shape[2]]
    part.copy_(_combined(part, above, operation))
    return result.clamp(0.0, 1.0)


@node("GrowMask", category=CATEGORY)
def grow_mask(
    *,
    mask: Mask,
    expand: Annotated[int, Number(-MOST, MOST, step=1)] = 0,
    tapered_corners: bool = True,
) -> Mask:
    """Widen masks, or narrow them.

    Args:
        mask: The masks.
        expand: By how many pixels; negative narrows.
        tapered_corners: Grow to diamonds, not to squares.
    """
    import torch

    corner = 0 if tapered_corners else 1
    planes = _batched(mask).unsqueeze(1)
    sign = 1.0 if expand >= 0 else -1.0
    planes = planes * sign
    for _ in range(abs(expand)):
        if corner:
            planes = torch.nn.functional.max_pool2d(planes, 3, stride=1, padding=1)
        else:
            tall = torch.nn.functional.max_pool2d(planes, (3, 1), stride=1, padding=(1, 0))
            wide = torch.nn.functional.max_pool2d(planes, (1, 3), stride=1, padding=(0, 1))
            planes = torch.maximum(tall, wide)
    return (planes * sign).squeeze(1)


@node("FeatherMask", category=CATEGORY)
def feather_mask(
    *, mask: Mask, left: Offset = 0, top: Offset = 0, right: Offset = 0, bottom: Offset = 0
) -> Mask:
    """Let masks fade towards the edges of the picture.

    Args:
        mask: The masks.
        left: Width of the fade at the left edge.
        top: At the upper edge.
        right: At the right edge.
        bottom: At the lower edge.
    """
    masks = _batched(mask)
    rows = _fade(masks.shape[1], top, bottom)
    columns = _fade(masks.shape[2], left, right)
    return masks * rows[:, None] * columns[None, :]


@node("ThresholdMask", category=CATEGORY)
def threshold_mask(*, mask: Mask, value: Level = 0.5) -> Mask:
    """Round masks to 0 or 1.

    Args:
        mask: The masks.
        value: What is above becomes 1.
    """
    return (mask > value).float()


@node("ImageToMask", title="Convert Image to Mask", category=CATEGORY)
def image_to_mask(*, image: Image, channel: Annotated[str, Choice(CHANNELS)]) -> Mask:
    """Take one channel of pictures as masks.

    Args:
        image: The pictures.
        channel: Which channel.
    """
    index = CHANNELS.index(channel)
    if index >= image.shape[-1]:
        raise InputError(
            "the picture has no such channel",
            input="channel",
            expected=f"one of {', '.join(CHANNELS[: image.shape[-1]])}",
            got=channel,
        )
    return image[..., index]


@node("MaskToImage", title="Convert Mask to Image", category=CATEGORY)
def mask_to_image(*, mask: Mask) -> Image:
    """Show masks as grey pictures.

    Args:
        mask: The masks.
    """
    return mask.reshape(-1, *mask.shape[-2:], 1).expand(-1, -1, -1, 3)


@node("ImageColorToMask", category=CATEGORY)
def image_color_to_mask(
    *, image: Image, color: Annotated[int, Number(0, 0xFFFFFF, step=1, display="color")] = 0
) -> Mask:
    """Select the pixels of one colour.

    Args:
        image: The pictures.
        color: The colour, red * 65536 + green * 256 + blue.
    """
    levels = (image[..., :3].clamp(0, 1) * 255).round().int()
    red, green, blue = levels.unbind(-1)
    return (red * 65536 + green * 256 + blue == color).float()


@node("MaskPreview", category=CATEGORY, output=True, lane="io")
def mask_preview(*, mask: Mask, context: Context) -> Shown[None]:
    """Show masks without keeping them.

    Args:
        mask: The masks.
    """
    return show_pictures(mask_to_image(mask=mask), context)


def _batched(mask: Mask) -> Tensor:
    return mask.reshape(-1, *mask.shape[-2:])


def _combined(below: Tensor, above: Tensor, operation: str) -> Tensor:
    if operation == "multiply":
        return below * above
    if operation == "add":
        return below + above
    if operation == "subtract":
        return below - above
    one, other = below.round().bool(), above.round().bool()
    result = {"and": one & other, "or": one | other, "xor": one ^ other}[operation]
    return result.float()


def _fade(length: int, first: int, last: int) -> Tensor:
    import torch

    fade = torch.ones(length)
    first, last = min(first, length), min(last, length)
    if first:
        fade[:first] *= torch.arange(1, first + 1) / first
    if last:
        fade[length - last :] *= (torch.arange(1, last + 1) / last).flip(0)
    return fade
