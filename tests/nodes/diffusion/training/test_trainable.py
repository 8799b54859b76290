from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.identity import identity
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.plans import OptimizerPlan, RunPlan
from nodes.diffusion.training.state import RunFolder
from nodes.diffusion.training.trainable import all_parameters

if TYPE_CHECKING:
    from pathlib import Path

    from tests.nodes.diffusion.training.conftest import MakeMethod

WITHIN = {
    "attn2": r"\.attn2\.",
    "attn": r"\.attentions\.",
    "kv": r"\.attn2\.to_[kv]\.",
    "conv_in": r"unet\.conv_in\.",
    "text": r"^text\.",
    r"unet\.mid_block": r"unet\.mid_block\.",
}


@pytest.mark.parametrize("what", WITHIN)
def test_exactly_the_chosen_tensors_change(
    make_method: MakeMethod, what: str, tmp_path: Path
) -> None:
    method, parts = make_method(what)
    before = {name: p.detach().clone() for name, p in all_parameters(parts.networks).items()}
    plan = RunPlan(steps=2, batch=2, optimizer=OptimizerPlan(learning_rate=1e-2))
    trainer = Trainer(method, plan, RunFolder(tmp_path / "run", identity(method, plan)))
    with closing(trainer.train()) as steps:
        list(steps)
    after = all_parameters(parts.networks)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == set(method.trainable)
    assert changed == {name for name in before if re.search(WITHIN[what], name)}


def test_the_base_is_not_touched_by_training_all_of_it(
    make_method: MakeMethod, tmp_path: Path
) -> None:
    method, _ = make_method("all,text")
    plan = RunPlan(steps=1, batch=2)
    trainer = Trainer(method, plan, RunFolder(tmp_path / "run", identity(method, plan)))
    with closing(trainer.train()) as steps:
        list(steps)
    again, _ = make_method("all,text")
    assert again.base == method.base


@pytest.mark.parametrize("what", ["", "nothing_has_this_name", "("])
def test_choosing_nothing_is_refused(make_method: MakeMethod, what: str) -> None:
    with pytest.raises(TrainingError):
        make_method(what)
