from __future__ import annotations

from typing import Any

import pytest

from engine.graph.bypass import bypass_input, compatible


@pytest.mark.parametrize(
    ("inputs", "outputs", "slot", "wanted", "index"),
    [
        (["MODEL", "CLIP"], ["MODEL", "CLIP"], 0, "MODEL", 0),
        (["MODEL", "CLIP"], ["MODEL", "CLIP"], 1, "CLIP", 1),
        # The input at the output's own place does not fit: the first of exactly this type.
        (["VAE", "IMAGE", "IMAGE"], ["IMAGE"], 0, "IMAGE", 1),
        # None is exact: the first that fits both.
        (["VAE", "INT,FLOAT"], ["INT"], 0, "INT", 1),
        (["VAE", "*"], ["IMAGE"], 0, "IMAGE", 1),
        # Whoever takes everything gets the input at the same place, or the first.
        (["A", "B"], ["X", "Y"], 1, "*", 1),
        (["A"], ["X", "Y"], 1, "*", 0),
        (["A"], ["X", "Y"], 1, "", 0),
        (["A"], ["X"], 0, 0, 0),
        (["LATENT", "VAE"], ["IMAGE"], 0, "IMAGE", -1),
        ([], ["IMAGE"], 0, "IMAGE", -1),
        ([], ["IMAGE"], 0, "*", -1),
        # What comes out must fit too: a decoder's latent input does not make an image.
        (["IMAGE"], ["MASK"], 0, "IMAGE", 0),
    ],
)
def test_an_input_takes_the_place_of_an_output(
    inputs: list[Any], outputs: list[Any], slot: int, wanted: Any, index: int
) -> None:
    assert bypass_input(inputs, outputs, slot, wanted) == index


def test_types_are_compared_as_the_editor_does() -> None:
    assert compatible("image", "IMAGE")
    assert compatible("INT, FLOAT", "FLOAT,STRING")
    assert compatible(["a", "b"], "COMBO")
    assert compatible(0, "IMAGE")
    assert not compatible("IMAGE", "MASK")
