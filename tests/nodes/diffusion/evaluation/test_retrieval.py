from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.datasets.augment import Version, compose
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.evaluation.painter import Painter, Settings
from nodes.diffusion.evaluation.retrieval import (
    measure_retrieval,
    ranks,
    reference_signatures,
    retrieval_cases,
    signature,
)

if TYPE_CHECKING:
    from nodes.diffusion.datasets.manifest import Manifest
    from nodes.diffusion.datasets.pictures import Pictures


def test_the_distance_is_the_mean_over_blurs_of_the_mean_squared_difference() -> None:
    black, grey = torch.zeros(1, 3, 16, 16), torch.full((1, 3, 16, 16), 0.5)
    gap = (signature(black) - signature(grey)).square().sum()
    torch.testing.assert_close(gap, torch.tensor(0.25))


def test_detail_that_a_blur_removes_counts_less_than_shape() -> None:
    plain = torch.full((1, 3, 16, 16), 0.5)
    checks = plain.clone()
    checks[..., ::2, ::2] = 0
    checks[..., 1::2, 1::2] = 1
    half = plain.clone()
    half[..., :8] = 0.25
    fine = (signature(plain) - signature(checks)).square().sum()
    coarse = (signature(plain) - signature(half)).square().sum()
    assert float(fine) < 0.01 < float(coarse)


def test_every_drawing_finds_itself_even_when_it_is_smaller(
    drawings: Manifest, pictures: Pictures
) -> None:
    cases = retrieval_cases(drawings, drawings, count=0, seed=0)
    own = pictures.of([case.own for case in cases])
    known = reference_signatures(pictures.of(range(len(drawings.records))))
    for size in (1.0, 0.95, 0.9):
        made = compose(own, [Version(scale=size)] * len(own))
        assert ranks(made, known, cases) == [1] * len(cases)


def test_a_picture_that_is_equally_near_to_all_finds_nothing(
    drawings: Manifest, pictures: Pictures
) -> None:
    cases = retrieval_cases(drawings, drawings, count=4, seed=0)
    same = torch.zeros(len(drawings.records), 3, 10)
    assert ranks(torch.zeros(4, 3, 8, 8), same[..., :1].repeat(1, 1, 63), cases) == [12] * 4


def test_pictures_are_compared_within_their_style_alone(drawings: Manifest) -> None:
    for case in retrieval_cases(drawings, drawings, count=0, seed=0, among=6):
        assert len({case.own, *case.others}) == 6
        style = drawings.records[case.own].style
        assert case.prompt == f"a {style} emoji of {drawings.records[case.own].label}"
        assert {drawings.records[i].style for i in case.others} == {style}


def test_the_choice_of_prompts_depends_on_the_seed_alone(drawings: Manifest) -> None:
    first = retrieval_cases(drawings, drawings, count=5, seed=1)
    assert retrieval_cases(drawings, drawings, count=5, seed=1) == first
    assert retrieval_cases(drawings, drawings, count=5, seed=2) != first


def test_references_must_hold_what_is_asked_for(drawings: Manifest) -> None:
    others = drawings.where(lambda record: record.style == "line")
    with pytest.raises(DatasetError, match="references lack"):
        retrieval_cases(drawings, others, count=0, seed=0)


def test_a_model_that_learnt_nothing_is_measured_from_end_to_end(
    painter: Painter, drawings: Manifest, pictures: Pictures
) -> None:
    settings = Settings(steps=2, size=32, batch=3)
    told: list[tuple[int, int]] = []
    held_out = drawings.where(lambda record: record.split == "heldout")
    measure = measure_retrieval(
        painter, held_out, pictures, settings, count=0, progress=lambda *done: told.append(done)
    )
    assert 0 <= measure.value <= 1
    assert measure.facts["count"] == 2
    assert set(measure.facts["by_style"]) == {"flat", "line"}
    assert measure.shown[0][0].shape == (3, 32, 64)
    assert told == [(2, 2)]
