from __future__ import annotations

import pytest
import torch
from torch import nn

from nodes.diffusion.training.ema import Ema, base_share, decay_at
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import EmaPlan


def drift(parameter: nn.Parameter, step: int) -> None:
    with torch.no_grad():
        parameter.copy_(torch.full_like(parameter, float(step)))


def test_a_constant_decay_follows_the_closed_form() -> None:
    weight = nn.Parameter(torch.full((3,), 5.0))
    ema = Ema({"w": weight}, EmaPlan(decay=0.9))
    for step in range(1, 31):
        drift(weight, step)
        ema.update(step)
    expected = 5.0 * 0.9**30 + sum(0.1 * 0.9 ** (30 - k) * k for k in range(1, 31))
    assert ema.shadow["w"][0].item() == pytest.approx(expected, rel=1e-6)
    assert ema.base_share == pytest.approx(0.9**30)


def test_updating_every_kth_step_decays_as_far() -> None:
    assert base_share(EmaPlan(decay=0.99, every=5), 100) == pytest.approx(0.99**100)


def test_a_warmup_forgets_the_base_and_a_constant_start_keeps_it() -> None:
    assert base_share(EmaPlan(decay=0.9999, start="warmup"), 2000) < 1e-6
    assert base_share(EmaPlan(decay=0.9999), 2000) == pytest.approx(0.9999**2000)
    assert base_share(EmaPlan(decay=0.9999, start="continue", seen=470_000), 2000) == (
        pytest.approx(0.9999**2000)
    )


def test_the_ramp_is_that_of_diffusers() -> None:
    from diffusers.training_utils import EMAModel

    theirs = EMAModel([nn.Parameter(torch.zeros(1))], decay=0.9999)
    plan = EmaPlan(decay=0.9999, start="warmup")
    ours = [decay_at(plan, step + 1) for step in (1, 10, 1000, 10**6)]
    assert ours == pytest.approx([theirs.get_decay(step + 1) for step in (1, 10, 1000, 10**6)])


def test_swapping_exchanges_memory_and_copies_nothing() -> None:
    weight = nn.Parameter(torch.zeros(2))
    ema = Ema({"w": weight}, EmaPlan(decay=0.5))
    drift(weight, 1)
    live, averaged = weight.data_ptr(), ema.shadow["w"].data_ptr()
    with ema.swapped():
        assert weight.data_ptr() == averaged
        assert weight[0] == 0
    assert (weight.data_ptr(), ema.shadow["w"].data_ptr()) == (live, averaged)


def test_a_decay_of_one_is_refused() -> None:
    with pytest.raises(TrainingError):
        Ema({}, EmaPlan(decay=1.0))
