from __future__ import annotations

import itertools

import pytest

from nodes.diffusion.datasets.colours import COLOURS, DEFAULT_COLOUR, nearest_colour


@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_is_nearest_to_its_own_name(name: str) -> None:
    assert nearest_colour(COLOURS[name]) == name


def test_colours_are_so_far_apart_that_jitter_cannot_exchange_them() -> None:
    squares = [
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
        for one, other in itertools.combinations(COLOURS.values(), 2)
    ]
    jitter = 0.03 * 255 * 3**0.5
    assert min(squares) ** 0.5 > 2 * jitter


def test_the_default_is_in_the_table() -> None:
    assert DEFAULT_COLOUR in COLOURS
