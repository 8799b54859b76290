"""Training steps, beside a plain PyTorch loop over the same network, batches and optimizer.

Ours does more in the same time: it keeps a state that survives `kill -9`, draws everything from
pure functions of the step, and tells how it goes. LoRA is beside peft's own wrapping.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import peft
import torch
from torch.nn import functional

from bench.rows import Row, alternating, compared, report
from nodes.diffusion.checkpoints import create, presets
from nodes.diffusion.training import lora, objective
from nodes.diffusion.training.identity import identity
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.plans import LoraPlan, ObjectivePlan, OptimizerPlan, RunPlan
from nodes.diffusion.training.state import RunFolder
from nodes.diffusion.training.text_to_image import Batch, denoising_loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor, nn

    from nodes.diffusion.components import Diffusion

STEPS, BATCH, REPEATS, RATE = 5, 8, 3, 1e-4
LORA = LoraPlan(rank=8, alpha=8.0, targets="attention")


def network() -> Diffusion:
    """Return a network of the starter's size, the same each time."""
    made = create(presets.starter(("a red apple",)), seed=0).diffusion
    if made is None:
        raise AssertionError("the starter has a network")
    return made


class Data:
    """Random batches, the same for both sides."""

    def __init__(self, diffusion: Diffusion) -> None:
        generator = torch.Generator().manual_seed(0)
        shape = (STEPS, BATCH, diffusion.latents.channels, 8, 8)
        self.latents = torch.randn(shape, generator=generator)
        self.noise = torch.randn(shape, generator=generator)
        self.timesteps = torch.randint(0, 1000, (STEPS, BATCH), generator=generator)
        width = diffusion.unet.config["cross_attention_dim"]
        self.context = torch.randn(BATCH, 77, width, generator=generator)

    def batch(self, part: int) -> Batch:
        """Return the batch of a part, as the trainer wants it."""
        index = part % STEPS
        return Batch(
            latents=self.latents[index],
            noise=self.noise[index],
            timesteps=self.timesteps[index],
            captions=("",) * BATCH,
        )


class Ours:
    """Calls of this train `STEPS` steps with the project's own loop."""

    def __init__(self, name: str, data: Data) -> None:
        self.diffusion = network()
        unet = self.diffusion.unet
        trainable: Mapping[str, nn.Parameter] = (
            lora.inject(unet, LORA, seed=0, kind="unet")
            if name == "lora"
            else dict(unet.named_parameters())
        )
        self.method = Method(
            name=name,
            trainable=trainable,
            networks=[unet],
            assemble=data.batch,
            loss=lambda batch: denoising_loss(self.diffusion, batch, data.context, ObjectivePlan()),
            base="random",
            facts={},
            device=self.diffusion.device,
        )

    def __call__(self) -> None:
        plan = RunPlan(steps=STEPS, batch=BATCH, optimizer=OptimizerPlan(learning_rate=RATE))
        with tempfile.TemporaryDirectory() as folder:
            run = RunFolder(Path(folder), identity(self.method, plan))
            for _ in Trainer(self.method, plan, run).train():
                pass


class Theirs:
    """Calls of this train `STEPS` steps with a loop as tutorials write it."""

    def __init__(self, name: str, data: Data) -> None:
        self.diffusion, self.data = network(), data
        unet = self.diffusion.unet
        if name == "lora":
            unet.requires_grad_(requires_grad=False)
            targets = ["to_q", "to_k", "to_v", "to_out.0"]
            unet.add_adapter(peft.LoraConfig(r=LORA.rank, lora_alpha=8, target_modules=targets))
        unet.train()
        self.trainable = [entry for entry in unet.parameters() if entry.requires_grad]

    def __call__(self) -> None:
        optimizer = torch.optim.AdamW(self.trainable, lr=RATE)
        levels = objective.signal_levels(zero_terminal_snr=self.diffusion.zero_terminal_snr)
        for step in range(STEPS):
            optimizer.zero_grad()
            loss = self.loss(self.data.batch(step), levels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.trainable, 1.0)
            optimizer.step()
            loss.item()

    def loss(self, batch: Batch, levels: Tensor) -> Tensor:
        """Return the error of the predicted velocity."""
        signal = levels[batch.timesteps].float()[:, None, None, None]
        root, rest = signal.sqrt(), (1 - signal).sqrt()
        noisy = root * batch.latents + rest * batch.noise
        said = self.diffusion.unet(noisy, batch.timesteps, self.data.context, return_dict=False)[0]
        return functional.mse_loss(said, root * batch.noise - rest * batch.latents)


def rows() -> Iterator[Row]:
    """Yield one row for each way of training."""
    data = Data(network())
    for name, peer in (("full", "plain PyTorch loop"), ("lora", f"peft {peft.__version__}")):
        seconds = alternating(Ours(name, data), Theirs(name, data), REPEATS)
        yield compared(f"{name}/batch{BATCH}/{STEPS}_steps", seconds[0], peer, seconds[1])


if __name__ == "__main__":
    report(rows())
