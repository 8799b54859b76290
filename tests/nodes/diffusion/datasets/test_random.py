from __future__ import annotations

import torch

from nodes.diffusion.datasets.random import numbers, rng, seed_of


def test_the_same_purpose_seed_and_counters_give_the_same_numbers() -> None:
    first = torch.randn(5, generator=rng("noise", 7, 3, 1))
    assert torch.equal(first, torch.randn(5, generator=rng("noise", 7, 3, 1)))
    assert numbers("order", 7, 3).random() == numbers("order", 7, 3).random()


def test_purpose_seed_and_each_counter_change_the_numbers() -> None:
    seeds = {
        seed_of("noise", 7, 3, 1),
        seed_of("caption", 7, 3, 1),
        seed_of("noise", 8, 3, 1),
        seed_of("noise", 7, 3, 2),
        seed_of("noise", 7, 31),
        seed_of("noise", 7, "3", 1),
        seed_of("noise", 73, 1),
    }
    assert len(seeds) == 7


def test_the_numbers_are_those_of_the_first_release() -> None:
    assert seed_of("noise", 0, 0) == 14464463374418069320
    assert numbers("order", 1, 2).permutation(5).tolist() == [1, 0, 3, 2, 4]
    drawn = torch.randn(2, generator=rng("noise", 1, 2))
    torch.testing.assert_close(drawn, torch.tensor([1.6794495582580566, 1.4489753246307373]))
