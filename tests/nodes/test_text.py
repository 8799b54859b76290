"""What can be done with conditioning."""

from __future__ import annotations

from typing import Any

import torch

from nodes.text import (
    average,
    combine,
    concat,
    set_area,
    set_area_percentage,
    set_area_strength,
    set_mask,
    set_timestep_range,
    zero_out,
)


def entry(value: float, tokens: int = 3, **settings: Any) -> list[Any]:
    return [torch.full((1, tokens, 4), value), settings]


def pooled(value: float) -> torch.Tensor:
    return torch.full((1, 2), value)


ONE = [entry(1.0, pooled_output=pooled(1.0), kept=True)]
LONG = [entry(3.0, tokens=5, pooled_output=pooled(3.0)), entry(9.0)]


def test_combining_keeps_all_entries() -> None:
    assert combine(conditioning_1=ONE, conditioning_2=LONG) == [*ONE, *LONG]


def test_concatenating_appends_tokens_and_keeps_the_settings() -> None:
    [[states, settings]] = concat(conditioning_to=ONE, conditioning_from=LONG)
    assert states[0, :, 0].tolist() == [1.0] * 3 + [3.0] * 5
    assert settings is ONE[0][1]


def test_averaging_cuts_the_longer_one_and_fills_the_shorter_one_with_zeros() -> None:
    [[states, settings]] = average(
        conditioning_to=ONE, conditioning_from=LONG, conditioning_to_strength=0.25
    )
    assert states[0, :, 0].tolist() == [2.5] * 3
    assert settings["pooled_output"].tolist() == [[2.5, 2.5]]
    assert settings["kept"]
    first, second = average(
        conditioning_to=LONG, conditioning_from=ONE, conditioning_to_strength=0.5
    )
    assert first[0][0, :, 0].tolist() == [2.0] * 3 + [1.5] * 2
    assert second[1]["pooled_output"].tolist() == [[1.0, 1.0]]


def test_areas_are_kept_in_latent_cells_or_in_shares() -> None:
    [[_, settings]] = set_area(conditioning=ONE, width=64, height=128, x=8, y=16, strength=0.5)
    assert settings["area"] == (16, 8, 2, 1)
    assert (settings["strength"], settings["set_area_to_bounds"]) == (0.5, False)
    [[_, shares]] = set_area_percentage(conditioning=ONE, width=0.5, height=1.0, x=0.25, y=0.0)
    assert shares["area"] == ("percentage", 1.0, 0.5, 0.0, 0.25)
    assert set_area_strength(conditioning=ONE, strength=2.0)[0][1]["strength"] == 2.0


def test_a_mask_becomes_a_batch_of_masks() -> None:
    mask = torch.ones(8, 8)
    [[_, settings]] = set_mask(conditioning=ONE, mask=mask, set_cond_area="mask bounds")
    assert settings["mask"].shape == (1, 8, 8)
    assert (settings["mask_strength"], settings["set_area_to_bounds"]) == (1.0, True)


def test_zeroing_keeps_shapes_and_other_settings() -> None:
    [[states, settings]] = zero_out(conditioning=ONE)
    assert states.shape == (1, 3, 4)
    assert not states.any()
    assert not settings["pooled_output"].any()
    assert settings["kept"]


def test_no_node_changes_what_it_was_given() -> None:
    set_timestep_range(conditioning=ONE, start=0.2, end=0.8)
    set_area(conditioning=ONE)
    zero_out(conditioning=ONE)
    assert set(ONE[0][1]) == {"pooled_output", "kept"}
    assert bool((ONE[0][0] == 1.0).all())
