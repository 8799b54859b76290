"""The losses of a run: a line per step on disk, and a picture of the curve."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw
from torch import Tensor

from nodes.diffusion.training.errors import DivergedError


class Point(NamedTuple):
    """One step of a loss curve.

    Attributes:
        step: Steps done, from 1.
        loss: The training loss of that step.
        rate: The learning rate.
    """

    step: int
    loss: float
    rate: float


class Losses:
    """A file of losses, a JSON line per step. Numbers are fetched from the device in groups.

    Args:
        path: The file; made at the first write.
        flush_every: So many steps are held before the device is asked for their losses.
    """

    def __init__(self, path: Path, *, flush_every: int = 10) -> None:
        self._path = path
        self._flush_every = flush_every
        self._pending: list[tuple[int, Tensor, float]] = []

    def add(self, step: int, loss: Tensor, rate: float) -> None:
        """Note the loss of a step.

        Raises:
            DivergedError: It, or one noted before, is not a finite number.
        """
        self._pending.append((step, loss, rate))
        if len(self._pending) >= self._flush_every:
            self.flush()

    def flush(self) -> None:
        """Write what has been noted.

        Raises:
            DivergedError: A loss is not a finite number; nothing from it on is written.
        """
        points = [Point(step, float(loss), rate) for step, loss, rate in self._pending]
        self._pending.clear()
        good = [point for point in points if math.isfinite(point.loss)]
        with self._path.open("a") as file:
            file.writelines(f"{json.dumps(point._asdict())}\n" for point in good)
        if len(good) < len(points):
            bad = next(point for point in points if point not in good)
            raise DivergedError(
                f"the loss of step {bad.step} is not a number",
                got=str(bad.loss),
                hint="lower the learning rate, or clip gradients; the last state is kept",
            )

    def truncate(self, step: int) -> None:
        """Drop what was written after a step: the run continues from there."""
        kept = [point for point in read_losses(self._path) if point.step <= step]
        temporary = self._path.with_name(f"{self._path.name}.tmp")
        with temporary.open("w") as file:
            file.writelines(f"{json.dumps(point._asdict())}\n" for point in kept)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)


def read_losses(path: Path) -> list[Point]:
    """Return the points of a file of losses; a last line that was cut off is left out."""
    points: list[Point] = []
    for line in path.read_text().splitlines() if path.is_file() else ():
        try:
            points.append(Point(**json.loads(line)))
        except (ValueError, TypeError):
            break
    return points


def smoothed(values: Sequence[float], memory: float = 0.98) -> list[float]:
    """Return the exponential moving average of values, without bias towards the start."""
    result: list[float] = []
    total = weight = 0.0
    for value in values:
        total = memory * total + (1 - memory) * value
        weight = memory * weight + (1 - memory)
        result.append(total / weight)
    return result


def draw_curve(points: Sequence[Point], size: tuple[int, int] = (640, 360)) -> Image.Image:
    """Draw losses over steps: each one pale, their moving average strong.

    Args:
        points: In order; an empty curve gives an empty frame.
        size: Of the picture, in pixels.
    """
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = 56, 14, size[0] - 12, size[1] - 28
    draw.rectangle((left, top, right, bottom), outline="#b8b8c0")
    if not points:
        return picture
    losses = [point.loss for point in points]
    ordered = sorted(losses)
    low, high = ordered[0], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    span = (high - low) or abs(high) or 1.0
    low, high = low - 0.05 * span, low + 1.05 * span
    first, last = points[0].step, max(points[-1].step, points[0].step + 1)

    def place(step: int, loss: float) -> tuple[float, float]:
        x = left + (right - left) * (step - first) / (last - first)
        y = bottom - (bottom - top) * (min(max(loss, low), high) - low) / (high - low)
        return x, y

    for part in range(5):
        value = low + (high - low) * part / 4
        y = place(first, value)[1]
        draw.line((left, y, right, y), fill="#ececf0")
        draw.text((4, y - 6), f"{value:.4g}", fill="#606068")
        step = first + (last - first) * part // 4
        draw.text((place(step, low)[0] - 8, bottom + 6), str(step), fill="#606068")
    steps = [point.step for point in points]
    for values, colour, width in ((losses, "#c9d4ee", 1), (smoothed(losses), "#2f5fc4", 2)):
        line = [place(*pair) for pair in zip(steps, values, strict=True)]
        draw.line(line if len(line) > 1 else line * 2, fill=colour, width=width)
    return picture
