"""A trained LoRA as a file that other programs of the family read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nodes.diffusion.checkpoints import save_tensors
from nodes.diffusion.training.lora import kohya_metadata, kohya_state, lora_layers

if TYPE_CHECKING:
    from nodes.diffusion.training.parts import Parts
    from nodes.diffusion.training.plans import LoraPlan, RunPlan


def write_lora(
    path: Path, parts: Parts, shape: LoraPlan, plan: RunPlan, facts: Mapping[str, object]
) -> None:
    """Write a LoRA as it is now, under kohya's names; the same run gives the same bytes.

    Args:
        path: The file.
        parts: The model with the LoRA in it.
        shape: Of the LoRA.
        plan: Of the run.
        facts: Further values for the header, without `ss_`.
    """
    networks = {name: net for name, net in parts.networks.items() if lora_layers(net)}
    xl = parts.diffusion.unet.config["addition_embed_type"] == "text_time"
    family = "stable-diffusion-xl-v1-base" if xl else "stable-diffusion-v1"
    told = {
        **facts,
        "steps": plan.steps,
        "learning_rate": plan.optimizer.learning_rate,
        "optimizer": plan.optimizer.name,
        "lr_scheduler": plan.optimizer.schedule,
        "lr_warmup_steps": plan.optimizer.warmup,
        "max_grad_norm": plan.optimizer.clip,
        "batch_size_per_device": plan.batch,
        "total_batch_size": plan.batch * plan.accumulate,
        "gradient_accumulation_steps": plan.accumulate,
        "seed": plan.seed,
        "mixed_precision": "bf16" if plan.precision == "bfloat16" else "no",
    }
    metadata = {
        **kohya_metadata(shape, told),
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": f"{family}/lora",
        "modelspec.implementation": "https://github.com/kohya-ss/sd-scripts",
        "modelspec.prediction_type": parts.diffusion.prediction,
    }
    save_tensors(path, kohya_state(networks, shape, original_names=xl), metadata)
