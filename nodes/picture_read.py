"""Reading picture files: whatever people have, without trusting it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import FileProblemError
from nodes.diffusion.picture_formats import FORMATS
from nodes.types import Tensor

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 89_478_485
"""Pixels of one file, all frames together, before it is taken for a bomb: a gigabyte as floats."""
_EMPTY_MASK = 64
_DEEP_MODES = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N"})
_LAST_OF_16_BITS = 65535


def read_frames(path: Path, input_name: str) -> "list[Image]":
    """Return the frames of a picture file, upright; all but those of animations have one.

    Frames of another size than the first are left out, as are the extra pictures of cameras' files.

    Args:
        path: The file.
        input_name: The node's input, for messages.

    Raises:
        FileProblemError: The file is no picture, is broken, or is too large to decode.
    """
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(path, formats=FORMATS) as picture:
            _check_size(path, picture.width * picture.height, input_name)
            frames: list[Image.Image] = []
            for frame in ImageSequence.Iterator(picture):
                _check_size(path, frame.width * frame.height * (len(frames) + 1), input_name)
                upright = ImageOps.exif_transpose(frame)
                if not frames or upright.size == frames[0].size:
                    frames.append(upright.copy())
                if picture.format == "MPO":
                    break
            return frames
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path, str(error), input_name) from error
    except FileProblemError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise FileProblemError(
            f"{path.name} cannot be read as a picture",
            input=input_name,
            expected="a whole PNG, JPEG, WebP, GIF, BMP, PPM, TIFF or AVIF file",
            got=str(error),
        ) from error


def colours(frame: "Image") -> Tensor:
    """Return a frame's colours, float32 [H, W, 3] in 0..1."""
    import numpy as np
    import torch

    if frame.mode in _DEEP_MODES:
        grey = np.asarray(frame).astype(np.float32) / _LAST_OF_16_BITS
        return torch.as_tensor(grey.clip(0, 1))[..., None].repeat(1, 1, 3)
    pixels = np.array(frame.convert("RGB"), dtype=np.float32) / 255.0
    return torch.as_tensor(pixels)


def transparency(frame: "Image") -> Tensor:
    """Return how transparent a frame is, float32 [H, W] in 0..1.

    A frame without transparency gives 64 x 64 zeros, as workflows expect.
    """
    import torch

    if frame.mode == "P" and "transparency" in frame.info:
        frame = frame.convert("RGBA")
    if "A" not in frame.getbands():
        return torch.zeros(_EMPTY_MASK, _EMPTY_MASK)
    return 1.0 - _band(frame, "A")


def read_channel(frame: "Image", name: str) -> Tensor:
    """Return one channel as a mask, float32 [H, W]: `red`, `green`, `blue`, or inverted `alpha`."""
    import torch

    band = name[0].upper()
    if frame.mode in _DEEP_MODES:
        return colours(frame)[..., 0] if band != "A" else torch.zeros(_EMPTY_MASK, _EMPTY_MASK)
    if frame.getbands() != ("R", "G", "B", "A"):
        has_alpha = "A" in frame.getbands() or "transparency" in frame.info
        frame = frame.convert("RGBA" if has_alpha else "RGB")
    if band not in frame.getbands():
        return torch.zeros(_EMPTY_MASK, _EMPTY_MASK)
    values = _band(frame, band)
    return 1.0 - values if band == "A" else values


def _band(frame: "Image", name: str) -> Tensor:
    import numpy as np
    import torch

    return torch.as_tensor(np.array(frame.getchannel(name), dtype=np.float32) / 255.0)


def _check_size(path: Path, pixels: int, input_name: str) -> None:
    if pixels > MOST_PIXELS:
        raise _too_large(path, f"{pixels:,} pixels", input_name)


def _too_large(path: Path, got: str, input_name: str) -> FileProblemError:
    return FileProblemError(
        f"{path.name} is too large to decode",
        input=input_name,
        expected=f"at most {MOST_PIXELS:,} pixels",
        got=got,
        hint="make it smaller with another program, if you trust where it came from",
    )


def stack_frames(frames: "list[Image]") -> tuple[Tensor, Tensor]:
    """Return pictures [B, H, W, 3] and masks [B, H, W] (or [B, 64, 64]) of all frames."""
    import torch

    def stacked(parts: Iterator[Any]) -> Any:
        return torch.stack(list(parts))

    return (
        stacked(colours(frame) for frame in frames),
        stacked(transparency(frame) for frame in frames),
    )
