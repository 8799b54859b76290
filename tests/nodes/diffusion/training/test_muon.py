from __future__ import annotations

import pytest
import torch
from torch import nn

from nodes.diffusion.training.muon import is_hidden_matrix, orthogonal
from nodes.diffusion.training.optimizer import learning_rate, make_optimizer
from nodes.diffusion.training.plans import OptimizerPlan


@pytest.mark.parametrize("shape", [(2, 16, 64), (2, 64, 16), (1, 32, 32)])
def test_updates_keep_their_singular_vectors_and_lose_their_sizes(shape: tuple[int, ...]) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    u, _, v = torch.linalg.svd(matrices, full_matrices=False)
    inner = u.mT @ orthogonal(matrices) @ v.mT
    sizes = inner.diagonal(dim1=1, dim2=2)
    assert sizes.min() > 0.2
    assert sizes.max() < 1.3
    assert (inner - torch.diag_embed(sizes)).abs().max() < 0.1


def test_tables_and_the_outer_layers_are_left_to_adamw() -> None:
    kernel, bias = torch.zeros(4, 4, 3, 3), torch.zeros(4)
    assert is_hidden_matrix("unet.mid_block.resnets.0.conv1.weight", kernel)
    assert not is_hidden_matrix("unet.mid_block.resnets.0.conv1.bias", bias)
    assert not is_hidden_matrix("unet.conv_out.weight", kernel)
    assert not is_hidden_matrix("text.l.embeddings.token_embedding.weight", torch.zeros(9, 4))


@pytest.mark.parametrize("names", [("conv", "norm"), ("conv",), ("norm",)])
def test_one_rate_moves_matrices_and_the_rest_as_far_as_adamw_does(names: tuple[str, ...]) -> None:
    shapes = {"conv": (8, 4, 3, 3), "norm": (8,)}
    trainable = {name: nn.Parameter(torch.zeros(shapes[name])) for name in names}
    plan = OptimizerPlan(name="muon", learning_rate=0.5, weight_decay=0.0)
    optimizer = make_optimizer(plan, trainable)
    for group in optimizer.param_groups:
        group["lr"] = 0.01
    for parameter in trainable.values():
        parameter.grad = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1))
    optimizer.step()
    moved = {name: parameter.square().mean().sqrt().item() for name, parameter in trainable.items()}
    if "conv" in moved:
        assert moved["conv"] == pytest.approx(0.2 * 0.01, rel=0.3)
    if "norm" in moved:
        assert moved["norm"] == pytest.approx(0.01, rel=1e-3)


def test_a_cosine_ends_at_its_last_part() -> None:
    plan = OptimizerPlan(learning_rate=1.0, schedule="cosine", schedule_steps=100, end=0.1)
    assert learning_rate(plan, 100) == pytest.approx(0.1)
