"""What adapters do to a weight, against the formulas of their papers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from nodes.diffusion.errors import WeightsMismatchError
from nodes.diffusion.lora.adapters import (
    Adapter,
    Difference,
    Hadamard,
    Kronecker,
    LowRank,
    Replacement,
)


def random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


W, CONV = random(6, 4), random(6, 4, 3, 3)


def close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, atol=1e-5)


def test_a_low_rank_product_is_added() -> None:
    up, down = random(6, 2), random(2, 4)
    got = LowRank(up=up, down=down, mid=None, scale=0.5).apply(W, 0.8)
    assert close(got, W + 0.8 * 0.5 * up @ down)


def test_a_low_rank_convolution_is_added() -> None:
    up, down = random(6, 2, 1, 1), random(2, 4, 3, 3)
    got = LowRank(up=up, down=down, mid=None, scale=1.0).apply(CONV, 1.0)
    assert close(got, CONV + torch.einsum("orxy,rikl->oikl", up, down))


def test_a_tucker_product_with_a_core_is_added() -> None:
    up, mid, down = random(6, 2, 1, 1), random(2, 2, 3, 3), random(2, 4, 1, 1)
    got = LowRank(up=up, down=down, mid=mid, scale=1.0).apply(CONV, 1.0)
    delta = torch.einsum("or,rskl,si->oikl", up[..., 0, 0], mid, down[..., 0, 0])
    assert close(got, CONV + delta)


def test_a_hadamard_product_is_added() -> None:
    a, b, c, d = random(6, 2), random(2, 4), random(6, 3), random(3, 4)
    got = Hadamard(left=(a, b), right=(c, d), cores=None, scale=0.5).apply(W, 2.0)
    assert close(got, W + 2.0 * 0.5 * (a @ b) * (c @ d))


def test_a_hadamard_product_of_tucker_cores_is_added() -> None:
    a, b, core = random(2, 6), random(2, 4), random(2, 2, 3, 3)
    adapter = Hadamard(left=(a, b), right=(a, b), cores=(core, core), scale=1.0)
    half = torch.einsum("ijkl,jr,ip->prkl", core, b, a)
    assert close(adapter.apply(CONV, 1.0), CONV + half * half)


@pytest.mark.parametrize("factored", [False, True])
def test_a_kronecker_product_is_added(*, factored: bool) -> None:
    first, a, b = random(2, 2), random(3, 1), random(1, 2)
    second = (a, b) if factored else (a @ b,)
    got = Kronecker(first=(first,), second=second, core=None, scale=0.5).apply(W, 1.0)
    assert close(got, W + 0.5 * torch.kron(first, a @ b))


def test_a_kronecker_product_fits_a_convolution() -> None:
    first, second = random(2, 2), random(3, 2, 3, 3)
    got = Kronecker(first=(first,), second=(second,), core=None, scale=1.0).apply(CONV, 1.0)
    assert close(got[:3, 2:], CONV[:3, 2:] + first[0, 1] * second)


def test_the_rows_of_a_dora_get_their_learnt_lengths() -> None:
    up, down, lengths = random(6, 2), random(2, 4), random(6, 1).abs()
    adapter = LowRank(up=up, down=down, mid=None, scale=1.0, magnitude=lengths)
    whole = (W + up @ down) * lengths / W.norm(dim=1, keepdim=True)
    assert close(adapter.apply(W, 1.0), whole)
    assert close(adapter.apply(W, 0.25), W + 0.25 * (whole - W))


def test_the_columns_of_a_dora_get_their_learnt_lengths() -> None:
    up, down, lengths = random(6, 2), random(2, 4), random(1, 4).abs()
    adapter = LowRank(up=up, down=down, mid=None, scale=1.0, magnitude=lengths)
    summed = W + up @ down
    assert close(adapter.apply(W, 1.0), summed * lengths / summed.norm(dim=0, keepdim=True))


def test_differences_are_scaled_and_replacements_are_not() -> None:
    other = random(6, 4) + 1
    assert close(Difference(difference=other).apply(W, 0.5), W + 0.5 * other)
    assert close(Replacement(value=other).apply(W, 0.5), other)


@pytest.mark.parametrize(
    "adapter",
    [
        Difference(difference=random(5, 4)),
        Replacement(value=random(5, 4)),
        LowRank(up=random(5, 2), down=random(2, 4), mid=None, scale=1.0),
    ],
)
def test_a_change_of_another_size_is_refused(adapter: Adapter) -> None:
    with pytest.raises(WeightsMismatchError, match="another size"):
        adapter.apply(W, 1.0)


def test_the_weight_itself_is_not_changed() -> None:
    before = W.clone()
    LowRank(up=random(6, 2), down=random(2, 4), mid=None, scale=1.0).apply(W, 1.0)
    assert torch.equal(W, before)
