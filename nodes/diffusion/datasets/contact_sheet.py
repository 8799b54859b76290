"""Many small pictures with their captions in one."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

_MARGIN = 4
_LINE = 11
_FONT_SIZE = 10
_LETTER = 5.2
_LEAST_WIDTH = 96


def contact_sheet(
    pictures: Sequence[tuple[Tensor, str]], columns: int, *, lines: int = 3
) -> Tensor:
    """Return one picture of all pictures, each above its caption.

    Small pictures are enlarged by a whole factor so that captions have room.

    Args:
        pictures: `[3, H, W]` from 0 to 1, and the text under it.
        columns: How many side by side.
        lines: Lines of text under each picture.

    Returns:
        `[1, H, W, 3]`, float32, from 0 to 1.
    """
    columns = min(columns, len(pictures))
    height, width = (max(p.shape[axis] for p, _ in pictures) for axis in (1, 2))
    factor = max(1, -(-_LEAST_WIDTH // width))
    cell = (width * factor + 2 * _MARGIN, height * factor + 2 * _MARGIN + lines * _LINE)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * cell[0], rows * cell[1]), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(_FONT_SIZE)
    for number, (picture, text) in enumerate(pictures):
        row, column = divmod(number, columns)
        left, top = column * cell[0] + _MARGIN, row * cell[1] + _MARGIN
        shown = _enlarged(picture, factor)
        sheet.paste(shown, (left, top))
        wrapped = textwrap.wrap(text, max(1, int(cell[0] / _LETTER)))[:lines]
        words = "\n".join(wrapped)
        draw.text((left, top + shown.height + 1), words, fill="black", font=font, spacing=1)
    return torch.from_numpy(np.array(sheet)).float().div_(255)[None]


def _enlarged(picture: Tensor, factor: int) -> Image.Image:
    pixels = picture.clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).numpy()
    image = Image.fromarray(pixels)
    size = (image.width * factor, image.height * factor)
    return image.resize(size, Image.Resampling.NEAREST)
