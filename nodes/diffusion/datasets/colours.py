"""Names of background colours that captions use and that pictures are measured by; no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (16, 16, 16),
    "gray": (128, 128, 128),
    "red": (214, 40, 40),
    "orange": (245, 130, 32),
    "yellow": (250, 214, 40),
    "green": (46, 160, 67),
    "cyan": (48, 196, 208),
    "blue": (40, 90, 220),
    "purple": (128, 60, 180),
    "pink": (240, 98, 176),
    "brown": (124, 76, 42),
    "pale pink": (255, 200, 216),
    "pale orange": (255, 212, 164),
    "pale yellow": (255, 247, 180),
    "pale green": (196, 240, 196),
    "pale blue": (186, 220, 255),
    "pale purple": (216, 192, 245),
}
"""8-bit sRGB by name. White stands for a caption that names no background."""

DEFAULT_COLOUR = "white"


def nearest_colour(rgb: Sequence[float]) -> str:
    """Return the name whose colour is nearest by Euclidean distance in sRGB.

    Args:
        rgb: Red, green and blue from 0 to 255.
    """
    return min(
        COLOURS,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(rgb, COLOURS[name], strict=True)),
    )
