"""Is a picture nearest to the very drawing that its prompt names?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the name that the whole field uses

from nodes.diffusion.datasets.augment import Version, compose
from nodes.diffusion.datasets.captions import style_caption
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest
from nodes.diffusion.datasets.pictures import Pictures
from nodes.diffusion.datasets.random import numbers
from nodes.diffusion.evaluation.measure import Measure, spread
from nodes.diffusion.evaluation.painter import Painter, Settings

_BLURS = (2, 4, 8)
_SIZES = (1.0, 0.95, 0.9)
_AT_ONCE = 256


@dataclass(frozen=True, kw_only=True)
class Case:
    """One prompt whose picture is compared with drawings.

    Attributes:
        prompt: The text.
        own: Index of the drawing that the prompt names.
        others: Indices of the drawings that the picture could be mistaken for.
    """

    prompt: str
    own: int
    others: tuple[int, ...]


def measure_retrieval(
    painter: Painter,
    wanted: Manifest,
    references: Pictures,
    settings: Settings,
    *,
    count: int = 100,
    progress: Callable[[int, int], None] | None = None,
) -> Measure:
    """Return the fraction of pictures that are nearest to their own drawing among 100 of its style.

    Guessing gets 0.01. Drawing the right thing in another of the four emoji styles gets about 0.5,
    since some things look much alike in all styles.

    Args:
        painter: Draws.
        wanted: The pairs of thing and style to ask for.
        references: All drawings.
        settings: How to draw.
        count: At most so many prompts; 0 for all.
        progress: Told how many are drawn, and how many there are.

    Raises:
        DatasetError: A pair is not among the references.
    """
    records = references.manifest.records
    cases = retrieval_cases(wanted, references.manifest, count=count, seed=settings.seed)
    drawn = painter.draw([case.prompt for case in cases], settings, progress)
    drawings = references.of(range(len(records)))
    found = ranks(drawn, reference_signatures(drawings), cases)
    own = compose(drawings[[case.own for case in cases]], [Version()] * len(cases))
    styles = [records[case.own].style for case in cases]
    return Measure(
        name="retrieval",
        value=found.count(1) / len(found),
        facts={**_facts(found, styles), **settings.facts()},
        shown=[
            (torch.cat([own[i], drawn[i]], dim=2), f"#{rank} {cases[i].prompt}")
            for i, rank in enumerate(found)
        ],
    )


def _facts(found: Sequence[int], styles: Sequence[str]) -> dict[str, Any]:
    total = Counter(styles)
    hits = Counter(style for style, rank in zip(styles, found, strict=True) if rank == 1)
    return {
        "count": len(found),
        "median_rank": sorted(found)[len(found) // 2],
        "by_style": {style: round(hits[style] / total[style], 4) for style in sorted(total)},
    }


def signature(pictures: Tensor) -> Tensor:
    """Return vectors whose squared distances tell how unlike two pictures look.

    The squared distance of two vectors is the mean over three blurs (boxes of 2, 4 and 8 pixels)
    of the mean squared difference of the blurred pictures: coarse shape and colour count in every
    blur, detail only in the finest, so a shift by a pixel costs little.

    Args:
        pictures: `[N, 3, H, W]` from 0 to 1; H and W multiples of 8.

    Returns:
        `[N, D]`.
    """
    blurred = [F.avg_pool2d(pictures, box).flatten(1) for box in _BLURS]
    return torch.cat([b / (b.shape[1] * len(_BLURS)) ** 0.5 for b in blurred], dim=1)


def reference_signatures(drawings: Tensor) -> Tensor:
    """Return the signatures of drawings on white at the sizes that training shows them in.

    Args:
        drawings: `[M, 4, H, W]`, 8-bit RGBA.

    Returns:
        `[M, 3, D]`, for 100 %, 95 % and 90 % of the frame.
    """
    sized = [
        torch.cat([signature(compose(some, [Version(scale=size)] * len(some))) for some in parts])
        for size in _SIZES
        for parts in [drawings.split(_AT_ONCE)]
    ]
    return torch.stack(sized, dim=1)


def retrieval_cases(
    manifest: Manifest, references: Manifest, *, count: int, seed: int, among: int = 100
) -> list[Case]:
    """Choose prompts, and for each the drawings of its style to compare with.

    Args:
        manifest: The pairs of thing and style to ask for.
        references: All drawings.
        count: At most so many prompts, spread over the list; 0 for all.
        seed: Decides which.
        among: Drawings compared with, the own one among them.

    Raises:
        DatasetError: A pair is not among the references.
    """
    places = {record.sha256: i for i, record in enumerate(references.records)}
    by_style: dict[str, list[int]] = {}
    for i, record in enumerate(references.records):
        by_style.setdefault(record.style, []).append(i)
    cases: list[Case] = []
    for record in spread(manifest.records, count, seed):
        own = places.get(record.sha256)
        if own is None:
            raise DatasetError("the references lack a picture that is asked for", got=record.path)
        others = [i for i in by_style[record.style] if i != own]
        chosen = numbers("references", seed, record.sha256).permutation(len(others))
        kept = tuple(others[i] for i in chosen.tolist()[: among - 1])
        cases.append(Case(prompt=style_caption(record), own=own, others=kept))
    return cases


def ranks(pictures: Tensor, references: Tensor, cases: Sequence[Case]) -> list[int]:
    """Return for each picture how many drawings are as near as its own, plus one.

    The distance to a drawing is that to the nearest of its sizes.

    Args:
        pictures: One per case, `[N, 3, H, W]` from 0 to 1.
        references: `reference_signatures` of all drawings, in the order that the cases count in.
        cases: The prompts.
    """
    found: list[int] = []
    for vector, case in zip(signature(pictures), cases, strict=True):
        gaps = (references[[case.own, *case.others]] - vector).square().sum(-1).amin(1)
        found.append(1 + int((gaps[1:] <= gaps[0]).sum()))
    return found
