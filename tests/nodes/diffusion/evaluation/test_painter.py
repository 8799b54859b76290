from __future__ import annotations

import torch

from nodes.diffusion.evaluation.painter import Painter, Settings

PROMPTS = ["a red apple", "a blue bird", "a red bird"]


def test_a_picture_depends_on_its_prompt_and_place_and_not_on_the_batch(painter: Painter) -> None:
    together = painter.draw(PROMPTS, Settings(steps=2, size=32, batch=3))
    apart = painter.draw(PROMPTS, Settings(steps=2, size=32, batch=1))
    assert together.shape == (3, 3, 32, 32)
    torch.testing.assert_close(together, apart, atol=1e-4, rtol=0)


def test_seed_and_prompt_change_the_picture(painter: Painter) -> None:
    settings = Settings(steps=2, size=32)
    first = painter.draw(PROMPTS[:1], settings)
    assert torch.equal(first, painter.draw(PROMPTS[:1], settings))
    assert not torch.equal(first, painter.draw(PROMPTS[1:2], settings))
    assert not torch.equal(first, painter.draw(PROMPTS[:1], Settings(steps=2, size=32, seed=1)))


def test_pictures_are_in_the_range_of_pictures(painter: Painter) -> None:
    made = painter.draw(PROMPTS, Settings(steps=2, size=32, cfg=30.0))
    assert float(made.min()) >= 0
    assert float(made.max()) <= 1
