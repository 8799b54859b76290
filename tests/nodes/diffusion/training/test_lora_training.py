from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors import safe_open

from nodes.diffusion.checkpoints import create
from nodes.diffusion.checkpoints.presets import tiny_sdxl
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.identity import identity
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.lora import inject, kohya_state, lora_layers, sharing_copy
from nodes.diffusion.training.lora_file import write_lora
from nodes.diffusion.training.plans import LoraPlan, OptimizerPlan, RunPlan
from nodes.diffusion.training.state import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from nodes.diffusion.checkpoints.create import Components
    from tests.nodes.diffusion.training.conftest import MakeMethod

PLAN = RunPlan(steps=3, batch=2, optimizer=OptimizerPlan(learning_rate=1e-2))
SHAPE = LoraPlan(rank=4, alpha=2.0, text=True)


def test_a_new_lora_changes_nothing_and_shares_the_bases_tensors(model: Components) -> None:
    assert model.diffusion
    base = model.diffusion.unet
    unet = sharing_copy(base)
    inject(unet, SHAPE, seed=0, kind="unet")
    x, t, c = torch.randn(1, 4, 8, 8), torch.tensor([5]), torch.randn(1, 77, 32)
    with torch.no_grad():
        assert torch.equal(base(x, t, c).sample, unet(x, t, c).sample)
    shared = {tensor.data_ptr() for tensor in base.parameters()}
    assert shared <= {tensor.data_ptr() for tensor in unet.parameters()}
    assert not lora_layers(base)


@pytest.mark.parametrize("targets", ["attention", "attn2", "transformer", "transformer+conv"])
def test_the_file_does_what_the_training_did(
    make_method: MakeMethod, model: Components, targets: str, tmp_path: Path
) -> None:
    shape = LoraPlan(rank=4, alpha=2.0, targets=targets)
    method, parts = make_method(lora=shape)
    trainer = Trainer(method, PLAN, RunFolder(tmp_path / "run", identity(method, PLAN)))
    with closing(trainer.train()) as steps:
        list(steps)
    state = kohya_state({"unet": parts.diffusion.unet}, shape)
    assert all(name.startswith("lora_unet_") for name in state)
    assert model.diffusion
    merged = create_merged(model, state)
    x, t, c = torch.randn(1, 4, 8, 8), torch.tensor([5]), torch.randn(1, 77, 32)
    with torch.no_grad():
        with_lora = parts.diffusion.unet.eval()(x, t, c).sample
        assert torch.allclose(with_lora, merged(x, t, c).sample, atol=1e-5)
        assert not torch.allclose(with_lora, model.diffusion.unet(x, t, c).sample, atol=1e-4)


def create_merged(model: Components, state: dict[str, torch.Tensor]) -> torch.nn.Module:
    """Return the base with W + alpha / rank * up @ down in place of W, worked out from the file."""
    import copy

    assert model.diffusion
    unet = copy.deepcopy(model.diffusion.unet)
    modules = {name.replace(".", "_"): module for name, module in unet.named_modules()}
    for name in [key for key in state if key.endswith(".alpha")]:
        place = name.removesuffix(".alpha")
        down, up = state[f"{place}.lora_down.weight"], state[f"{place}.lora_up.weight"]
        module = modules[place.removeprefix("lora_unet_")]
        change = torch.einsum("or...,r...->o...", up.flatten(1), down.flatten(1))
        scale = float(state[name]) / len(down)
        module.weight.data += scale * change.view(module.weight.shape)
    return unet


def test_the_same_run_writes_the_same_bytes_with_metadata(
    make_method: MakeMethod, tmp_path: Path
) -> None:
    files: list[bytes] = []
    for name in ("one", "two"):
        method, parts = make_method(lora=SHAPE)
        trainer = Trainer(method, PLAN, RunFolder(tmp_path / name, identity(method, PLAN)))
        with closing(trainer.train()) as steps:
            list(steps)
        path = tmp_path / f"{name}.safetensors"
        write_lora(path, parts, SHAPE, PLAN, {"dataset": "d"})
        files.append(path.read_bytes())
    assert files[0] == files[1]
    with safe_open(str(tmp_path / "one.safetensors"), "pt") as file:
        metadata = file.metadata()
        names = list(file.keys())
        alpha = file.get_tensor(next(name for name in names if name.endswith(".alpha")))
    assert float(alpha) == 2.0
    assert alpha.shape == ()
    assert (metadata["ss_network_dim"], metadata["ss_network_alpha"]) == ("4", "2.0")
    assert metadata["ss_network_module"] == "networks.lora"
    assert json.loads(metadata["ss_learning_rate"]) == 0.01
    assert metadata["modelspec.architecture"] == "stable-diffusion-v1/lora"
    assert any(name.startswith("lora_te_text_model_encoder_layers_0_mlp_fc1") for name in names)


def test_both_styles_of_names_exist_for_sdxl() -> None:
    unet = sharing_copy(create(tiny_sdxl(), 0).diffusion.unet)
    inject(unet, LoraPlan(rank=2), seed=0, kind="unet")
    diffusers = kohya_state({"unet": unet}, LoraPlan(rank=2))
    original = kohya_state({"unet": unet}, LoraPlan(rank=2), original_names=True)
    assert len(original) == len(diffusers)
    assert any("_down_blocks_1_attentions_0_" in name for name in diffusers)
    assert any("_input_blocks_3_1_transformer_blocks_0_attn1_to_q" in name for name in original)
    assert not any("_down_blocks_" in name or "base_layer" in name for name in original)


def test_a_lora_that_fits_nothing_is_refused(model: Components) -> None:
    with pytest.raises(TrainingError):
        inject(torch.nn.ReLU(), LoraPlan(), seed=0, kind="unet")
    assert model.diffusion
    with pytest.raises(TrainingError):
        inject(model.diffusion.unet, LoraPlan(rank=0), seed=0, kind="unet")
