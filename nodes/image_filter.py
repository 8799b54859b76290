"""Pictures blended, blurred, sharpened, made noisy, reduced to few colours, grown and shrunk."""

from typing import TYPE_CHECKING, Annotated, Any

from engine import Choice, Number, Seed, node
from nodes.image_transform import with_channels
from nodes.types import Image, Tensor

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

CATEGORY = "image/postprocessing"
BLENDS = ("normal", "multiply", "screen", "overlay", "soft_light", "difference")
DITHERS = ("none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16")
MORPHS = ("erode", "dilate", "open", "close", "gradient", "bottom_hat", "top_hat")
Share = Annotated[float, Number(0.0, 1.0, step=0.01)]
Radius = Annotated[int, Number(1, 31, step=1)]
_ALPHA_TO_CENTER = 10.0


@node("ImageBlend", category=CATEGORY)
def blend(
    *,
    image1: Image,
    image2: Image,
    blend_factor: Share = 0.5,
    blend_mode: Annotated[str, Choice(BLENDS)],
) -> Image:
    """Lay pictures over others, by the formulas of the W3C's Compositing and Blending.

    Args:
        image1: The pictures beneath.
        image2: The pictures above; cut and resized to the size of the others.
        blend_factor: How much of the result to take, against the pictures beneath.
        blend_mode: How colours meet; `difference` takes the upper ones off the lower ones.
    """
    from nodes.diffusion.resize import resize_image

    height, width = image1.shape[1:3]
    above = with_channels(image2, image1.shape[-1])
    if above.shape[1:3] != image1.shape[1:3]:
        above = resize_image(above, width, height, "bicubic", crop=True)
    met = _met(image1, above, blend_mode)
    return (image1 * (1 - blend_factor) + met * blend_factor).clamp(0, 1)


@node("ImageBlur", category=CATEGORY)
def blur(
    *,
    image: Image,
    blur_radius: Radius = 1,
    sigma: Annotated[float, Number(0.1, 10.0, step=0.1)] = 1.0,
) -> Image:
    """Blur pictures with a bell curve.

    Args:
        image: The pictures.
        blur_radius: Pixels on each side that take part.
        sigma: Width of the curve, where the radius is 1.
    """
    return _filtered(image, _bell(blur_radius, sigma))


@node("ImageSharpen", category=CATEGORY)
def sharpen(
    *,
    image: Image,
    sharpen_radius: Radius = 1,
    sigma: Annotated[float, Number(0.1, 10.0, step=0.01)] = 1.0,
    alpha: Annotated[float, Number(0.0, 5.0, step=0.01)] = 1.0,
) -> Image:
    """Sharpen pictures: what a blur would add is taken away.

    Args:
        image: The pictures.
        sharpen_radius: Pixels on each side that take part.
        sigma: Width of the blur, where the radius is 1.
        alpha: How much.
    """
    kernel = _bell(sharpen_radius, sigma) * -(alpha * _ALPHA_TO_CENTER)
    kernel[sharpen_radius, sharpen_radius] += 1.0 - kernel.sum()
    return _filtered(image, kernel).clamp(0, 1)


@node("ImageAddNoise", category="image")
def add_noise(*, image: Image, seed: Annotated[int, Seed()] = 0, strength: Share = 0.5) -> Image:
    """Add noise to pictures.

    Args:
        image: The pictures.
        seed: The same seed gives the same noise.
        strength: Standard deviation of the noise.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    return (image + strength * torch.randn(image.shape, generator=generator)).clamp(0, 1)


@node("ImageQuantize", category=CATEGORY)
def quantize(
    *,
    image: Image,
    colors: Annotated[int, Number(1, 256, step=1)] = 256,
    dither: Annotated[str, Choice(DITHERS)],
) -> Image:
    """Reduce pictures to few colours.

    Args:
        image: The pictures.
        colors: How many at most.
        dither: How the colours between are shown.
    """
    import numpy as np
    import torch

    from nodes.picture_write import to_picture

    reduced = [_quantized(to_picture(one[..., :3]), colors, dither) for one in image]
    arrays = [np.asarray(picture.convert("RGB"), np.float32) / 255.0 for picture in reduced]
    return torch.tensor(np.stack(arrays))


@node("Morphology", title="ImageMorphology", category=CATEGORY)
def morphology(
    *,
    image: Image,
    operation: Annotated[str, Choice(MORPHS)],
    kernel_size: Annotated[int, Number(3, 999, step=1)] = 3,
) -> Image:
    """Grow or shrink what is bright in pictures, by the darkest or brightest pixel of a square.

    Args:
        image: The pictures.
        operation: `open` shrinks, then grows; `close` grows, then shrinks; `gradient` is what lies
            between grown and shrunk; the hats are what `open` and `close` change.
        kernel_size: Side of the square in pixels.
    """
    planes = image.movedim(-1, 1)

    def grown(x: Tensor) -> Tensor:
        return _brightest(x, kernel_size)

    def shrunk(x: Tensor) -> Tensor:
        return -_brightest(-x, kernel_size)

    results = {
        "erode": lambda: shrunk(planes),
        "dilate": lambda: grown(planes),
        "open": lambda: grown(shrunk(planes)),
        "close": lambda: shrunk(grown(planes)),
        "gradient": lambda: grown(planes) - shrunk(planes),
        "bottom_hat": lambda: shrunk(grown(planes)) - planes,
        "top_hat": lambda: planes - grown(shrunk(planes)),
    }
    return results[operation]().movedim(1, -1)


def _met(below: Tensor, above: Tensor, mode: str) -> Tensor:
    import torch

    match mode:
        case "multiply":
            return below * above
        case "screen":
            return 1 - (1 - below) * (1 - above)
        case "overlay":
            bright = 1 - 2 * (1 - below) * (1 - above)
            return torch.where(below <= 0.5, 2 * below * above, bright)  # noqa: PLR2004
        case "soft_light":
            dark = below - (1 - 2 * above) * below * (1 - below)
            bright = below + (2 * above - 1) * (_lightened(below) - below)
            return torch.where(above <= 0.5, dark, bright)  # noqa: PLR2004
        case "difference":
            return below - above
        case _:
            return above


def _lightened(x: Tensor) -> Tensor:
    """Return D(x) of the W3C's soft light."""
    import torch

    return torch.where(x <= 0.25, ((16 * x - 12) * x + 4) * x, x.sqrt())  # noqa: PLR2004


def _bell(radius: int, sigma: float) -> Tensor:
    """Return a kernel [2 * radius + 1, same] of sum 1 whose edge is 1 away from its centre."""
    import torch

    at = torch.linspace(-1, 1, 2 * radius + 1)
    kernel = torch.exp(-(at[:, None] ** 2 + at[None, :] ** 2) / (2 * sigma**2))
    return kernel / kernel.sum()


def _filtered(image: Image, kernel: Tensor) -> Tensor:
    """Return pictures filtered channel by channel, mirrored at the edges."""
    from torch.nn.functional import conv2d, pad

    planes = image.movedim(-1, 1)
    count, channels, height, width = planes.shape
    radius = kernel.shape[0] // 2
    mode = "reflect" if radius < min(height, width) else "replicate"
    padded = pad(planes, (radius,) * 4, mode=mode)
    each = padded.reshape(count * channels, 1, *padded.shape[2:])
    return conv2d(each, kernel[None, None]).reshape(planes.shape).movedim(1, -1)


def _brightest(planes: Tensor, side: int) -> Tensor:
    """Return the greatest value of the square around each place [B, C, h, w]."""
    from torch.nn.functional import pad

    before, behind = side // 2, side - side // 2 - 1
    padded = pad(planes, (before, behind, before, behind), value=float("-inf"))
    # A square is a row of columns: two passes in one direction each.
    return padded.unfold(2, side, 1).amax(dim=-1).unfold(3, side, 1).amax(dim=-1)


def _quantized(picture: "Picture", colors: int, dither: str) -> "Picture":
    from PIL.Image import Dither

    palette = picture.quantize(colors=colors)
    if dither.startswith("bayer"):
        picture = _with_pattern(picture, palette, int(dither.removeprefix("bayer-")))
    method = Dither.FLOYDSTEINBERG if dither == "floyd-steinberg" else Dither.NONE
    return picture.quantize(colors=colors, palette=palette, dither=method)


def _with_pattern(picture: "Picture", palette: "Picture", side: int) -> "Picture":
    """Return a picture with a regular pattern on it, so that colours between alternate."""
    import numpy as np
    from PIL import Image as PilImage

    spread = 2 * 256 / (len(palette.getpalette() or [0, 0, 0]) // 3)
    pattern = spread * _bayer(side) + 0.5
    pixels = np.asarray(picture, np.float32)
    height, width = pixels.shape[:2]
    tiled = np.tile(pattern, (-(-height // side), -(-width // side)))[:height, :width, None]
    return PilImage.fromarray((pixels + tiled).clip(0, 255).astype(np.uint8))


def _bayer(side: int) -> Any:
    """Return the ordered-dither matrix (Bayer 1973) of a side, a power of 2, around 0."""
    import numpy as np

    matrix = np.zeros((1, 1), np.float32)
    size = 1
    while size < side:
        size *= 2
        scaled = matrix * size**2
        quarters = [[scaled - 1.5, scaled + 0.5], [scaled + 1.5, scaled - 0.5]]
        matrix = np.block(quarters) / size**2
    return matrix
