from __future__ import annotations

import torch
from torch import nn

from nodes.diffusion.training.half_precision import half_precision


class Seen(nn.GroupNorm):
    """A group norm that remembers what it was given."""

    dtype: torch.dtype | None = None

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - as torch calls it
        self.dtype = input.dtype
        return super().forward(input)


def test_group_norms_see_float32_only_while_it_lasts() -> None:
    norm = Seen(1, 4)
    network = nn.Sequential(nn.Conv2d(4, 4, 1), norm)
    picture = torch.zeros(1, 4, 2, 2)
    with torch.autocast("cpu", torch.bfloat16):
        with half_precision([network], torch.device("cpu")):
            network(picture)
            assert norm.dtype == torch.float32
        network[0](picture)
    assert not norm._forward_pre_hooks
