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
    "pale pink": (252, 216, 226),
    "pale orange": (253, 222, 190),
    "pale yellow": (253, 246, 196),
    "pale green": (206, 238, 206),
    "pale blue": (200, 222, 250),
    "pale purple": (222, 208, 244),
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
