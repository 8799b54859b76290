"""Does the background have the colour that the prompt names?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import torch
from torch import Tensor

from nodes.diffusion.datasets.captions import on_background, style_caption
from nodes.diffusion.datasets.colours import COLOURS, DEFAULT_COLOUR, nearest_colour
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.datasets.pictures import Pictures
from nodes.diffusion.evaluation.measure import Measure, spread
from nodes.diffusion.evaluation.painter import Painter, Settings

_CLEAR_BORDER = 0.02
_RING = 32


def measure_backgrounds(
    painter: Painter,
    pictures: Pictures,
    settings: Settings,
    *,
    count: int = 102,
    progress: Callable[[int, int], None] | None = None,
) -> Measure:
    """Return the fraction of pictures whose border is nearest to the colour of their prompt.

    Args:
        painter: Draws.
        pictures: The drawings to ask for.
        settings: How to draw.
        count: So many prompts; the colours take turns.
        progress: Told how many are drawn, and how many there are.

    Raises:
        DatasetError: No drawing leaves its border clear.
    """
    alpha = pictures.of(range(len(pictures.manifest.records)))[:, 3:].float() / 255
    cases = background_cases(pictures.manifest, alpha, count=count, seed=settings.seed)
    drawn = painter.draw([prompt for _, _, prompt in cases], settings, progress)
    seen = border_colours(drawn)
    pairs = [(colour, got) for (_, colour, _), got in zip(cases, seen, strict=True)]
    wrong = Counter(f"{colour} drawn as {got}" for colour, got in pairs if colour != got)
    return Measure(
        name="backgrounds",
        value=1 - wrong.total() / len(cases),
        facts={"count": len(cases), "wrong": dict(wrong.most_common()), **settings.facts()},
        shown=[(drawn[i], f"{seen[i]}: {prompt}") for i, (_, _, prompt) in enumerate(cases)],
    )


def background_cases(
    manifest: Manifest, alpha: Tensor, *, count: int, seed: int
) -> list[tuple[Record, str, str]]:
    """Choose drawings and colours: record, colour and prompt.

    Only drawings whose border is clear are asked for, since others leave no background to see.

    Args:
        manifest: The drawings.
        alpha: Their opacity, `[N, 1, H, W]` from 0 to 1.
        count: So many, spread over the list.
        seed: Decides which, and which colours.

    Raises:
        DatasetError: No drawing leaves its border clear.
    """
    clear = border_mean(alpha)[:, 0] <= _CLEAR_BORDER
    usable = [record for record, free in zip(manifest.records, clear, strict=True) if free]
    if not usable:
        raise DatasetError("no picture of the data set has a clear border")
    names = [name for name in COLOURS if name != DEFAULT_COLOUR]
    chosen: list[tuple[Record, str, str]] = []
    for i, record in enumerate(spread(usable, count, seed)):
        colour = names[i % len(names)]
        chosen.append((record, colour, on_background(style_caption(record), colour)))
    return chosen


def border_mean(pictures: Tensor) -> Tensor:
    """Return the mean of each channel over the outermost pixels (a 32nd of the width).

    Args:
        pictures: `[N, C, H, W]`.

    Returns:
        `[N, C]`.
    """
    ring = max(1, pictures.shape[-1] // _RING)
    inside = torch.zeros(pictures.shape[-2:], dtype=torch.bool)
    inside[ring:-ring, ring:-ring] = True
    return pictures[:, :, ~inside].mean(-1)


def border_colours(pictures: Tensor) -> list[str]:
    """Return for each picture the name of the colour that its border is nearest to."""
    return [nearest_colour(mean.tolist()) for mean in border_mean(pictures) * 255]
