"""An interrupted run ends in the very weights of one that was not."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nodes.diffusion.training.identity import identity
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.losses import read_losses
from nodes.diffusion.training.plans import (
    CheckpointPlan,
    EmaPlan,
    LoraPlan,
    OptimizerPlan,
    RunPlan,
)
from nodes.diffusion.training.state import RunFolder

if TYPE_CHECKING:
    from tests.nodes.diffusion.training.conftest import MakeMethod

EMA = EmaPlan(decay=0.9)
CASES = {
    "full with an average": ({"trainable": "all,text"}, {"ema": EMA}),
    "lora with dropout": ({"lora": LoraPlan(rank=2, text=True, dropout=0.3)}, {}),
    "accumulated": ({"trainable": "attn2"}, {"accumulate": 2, "ema": EMA}),
    "muon in half precision": (
        {"trainable": "all,text"},
        {"optimizer": OptimizerPlan(name="muon"), "precision": "bfloat16"},
    ),
    "lion": ({"trainable": "attn2"}, {"optimizer": OptimizerPlan(name="lion")}),
}


def weights_of(trainer: Trainer) -> str:
    digest = hashlib.sha256()
    tensors = [
        *trainer.method.trainable.items(),
        *(trainer.ema.shadow.items() if trainer.ema else ()),
    ]
    for name, tensor in tensors:
        digest.update(name.encode())
        digest.update(tensor.detach().numpy().tobytes())
    return digest.hexdigest()


def start(make_method: MakeMethod, case: str, steps: int, folder: Path) -> Trainer:
    of_method, of_plan = CASES[case]
    method, _ = make_method(**of_method)
    optimizer = OptimizerPlan(learning_rate=1e-3, schedule="cosine", schedule_steps=60, warmup=5)
    plan = RunPlan(**{"steps": steps, "batch": 2, "optimizer": optimizer, **of_plan})
    return Trainer(method, plan, RunFolder(folder, identity(method, plan)))


def run(trainer: Trainer, steps: int | None = None) -> Trainer:
    with closing(trainer.train()) as stepping:
        for _ in islice(stepping, steps):
            pass
    return trainer


@pytest.mark.parametrize("case", CASES)
def test_23_steps_and_17_more_equal_40(make_method: MakeMethod, case: str, tmp_path: Path) -> None:
    straight = run(start(make_method, case, 40, tmp_path / "straight"))
    run(start(make_method, case, 40, tmp_path / "broken"), 23)
    resumed = start(make_method, case, 40, tmp_path / "broken")
    assert resumed.step == 23
    run(resumed)
    assert weights_of(resumed) == weights_of(straight)
    losses = [read_losses(tmp_path / name / "losses.jsonl") for name in ("straight", "broken")]
    assert losses[0] == losses[1]
    assert [point.step for point in losses[0]] == list(range(1, 41))


def test_more_steps_run_only_the_new_ones(make_method: MakeMethod, tmp_path: Path) -> None:
    run(start(make_method, "lora with dropout", 10, tmp_path / "run"))
    longer = start(make_method, "lora with dropout", 15, tmp_path / "run")
    assert [step.step for step in longer.train()] == [11, 12, 13, 14, 15]
    straight = run(start(make_method, "lora with dropout", 15, tmp_path / "straight"))
    assert weights_of(longer) == weights_of(straight)


def test_an_error_in_whoever_watches_keeps_the_state(
    make_method: MakeMethod, tmp_path: Path
) -> None:
    trainer = start(make_method, "lora with dropout", 10, tmp_path / "run")

    def watch() -> None:
        with closing(trainer.train()) as steps:
            for step in steps:
                if step.step == 4:
                    raise RuntimeError

    with pytest.raises(RuntimeError):
        watch()
    assert start(make_method, "lora with dropout", 10, tmp_path / "run").step == 4


def test_a_torn_state_is_passed_over(make_method: MakeMethod, tmp_path: Path) -> None:
    run(start(make_method, "full with an average", 4, tmp_path / "run"))
    run(start(make_method, "full with an average", 8, tmp_path / "run"))
    weights = tmp_path / "run" / "state-8" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    resumed = start(make_method, "full with an average", 8, tmp_path / "run")
    assert resumed.step == 4
    run(resumed)
    straight = run(start(make_method, "full with an average", 8, tmp_path / "straight"))
    assert weights_of(resumed) == weights_of(straight)


def test_at_least_two_states_are_kept(make_method: MakeMethod, tmp_path: Path) -> None:
    trainer = start(make_method, "lora with dropout", 9, tmp_path / "run")
    object.__setattr__(trainer.plan, "checkpoints", CheckpointPlan(every=2, keep_every=4))
    run(trainer)
    assert trainer.folder.steps() == [4, 8, 9]


def test_two_runs_in_one_folder_are_refused(make_method: MakeMethod, tmp_path: Path) -> None:
    first = start(make_method, "lora with dropout", 5, tmp_path / "run")
    second = start(make_method, "lora with dropout", 5, tmp_path / "run")
    with closing(first.train()) as steps:
        next(steps)
        with pytest.raises(ValueError, match="another process"):
            run(second)


SCRIPT = """
import sys, pathlib
sys.path.insert(0, {root!r})
import torch
from nodes.diffusion.training.identity import identity
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.plans import CheckpointPlan, EmaPlan, RunPlan
from nodes.diffusion.training.state import RunFolder
from nodes.diffusion.datasets.random import rng
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.Dropout(0.2), torch.nn.Linear(64, 64))
method = Method(
    name="toy", trainable=dict(net.named_parameters()), networks=[net],
    assemble=lambda part: torch.randn(8, 64, generator=rng("x", 0, part)),
    loss=lambda x: (net(x) - x).square().mean(), base="b", facts={{}},
    device=torch.device("cpu"),
)
checkpoints = CheckpointPlan(every=3)
plan = RunPlan(steps={steps}, batch=8, ema=EmaPlan(decay=0.99), checkpoints=checkpoints)
trainer = Trainer(method, plan, RunFolder(pathlib.Path({folder!r}), identity(method, plan)))
print("begins", trainer.step, flush=True)
for step in trainer.train():
    print(step.step, flush=True)
"""


def toy(folder: Path, steps: int) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[4])
    code = SCRIPT.format(root=root, steps=steps, folder=str(folder))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_process_loses_nothing_that_matters(tmp_path: Path, how: signal.Signals) -> None:
    for kill_after in (0.0, 0.05, 0.2):
        process = toy(tmp_path / "killed", 2000)
        assert process.stdout
        begins = int(process.stdout.readline().split()[1])
        while int(process.stdout.readline()) < begins + 4:
            pass
        time.sleep(kill_after)
        process.send_signal(how)
        process.communicate()
    states = (tmp_path / "killed").glob("state-*")
    done = max(int(path.name[6:]) for path in states if path.suffix != ".tmp")
    for name in ("killed", "straight"):
        toy(tmp_path / name, done + 20).communicate()
    ends = [tmp_path / name / f"state-{done + 20}" for name in ("killed", "straight")]
    for file in ("weights.safetensors", "ema.safetensors", "optimizer.safetensors"):
        assert ends[0].joinpath(file).read_bytes() == ends[1].joinpath(file).read_bytes()
