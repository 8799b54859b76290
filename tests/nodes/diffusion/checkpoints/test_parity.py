"""A full-size SD1.x file draws the same picture here and in diffusers."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionPipeline
from transformers import CLIPTextConfig, CLIPTokenizer

from nodes.diffusion.checkpoints import checkpoint_content, create, presets, save_tensors
from nodes.diffusion.checkpoints.build import build_unet, build_vae, on_meta
from nodes.diffusion.text.tokenizer import _vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context

PROMPT, NEGATIVE, SEED, STEPS, CFG = "a photo of a red apple on a table", "blurry", 5, 4, 7.5
SCHEDULE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "timestep_spacing": "linspace",
    "num_train_timesteps": 1000,
    "steps_offset": 1,
}


def letters() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Spell out the vocabulary as the files of transformers' tokenizer do."""
    vocabulary = _vocabulary()
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spelled = [chr(byte) for byte in printable] + [chr(256 + n) for n in range(68)]
    names = spelled + [f"{letter}</w>" for letter in spelled]
    merges: list[tuple[str, str]] = []
    for left, right in vocabulary.merges:
        merges.append((names[left], names[right]))
        names.append(names[left] + names[right])
    names += ["<|startoftext|>", "<|endoftext|>"]
    return {name: number for number, name in enumerate(names)}, merges


def pipeline_folder(folder: Path) -> Path:
    """Write the configurations, without weights, that diffusers would fetch from its hub."""
    parts = {
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "EulerDiscreteScheduler"],
        "safety_checker": [None, None],
        "feature_extractor": [None, None],
    }
    folder.mkdir()
    index = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0", **parts}
    (folder / "model_index.json").write_text(json.dumps(index))
    config = presets.sd1()
    on_meta(lambda: build_unet(config.unet or {})).save_config(folder / "unet")
    on_meta(lambda: build_vae(config.vae or {})).save_config(folder / "vae")
    CLIPTextConfig(**config.text_encoders["l"].config).save_pretrained(folder / "text_encoder")
    EulerDiscreteScheduler(**SCHEDULE).save_pretrained(folder / "scheduler")
    vocab, merges = letters()
    CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=77).save_pretrained(
        folder / "tokenizer"
    )
    return folder


def drawn_by_diffusers(checkpoint: Path, configs: Path) -> torch.Tensor:
    pipeline = StableDiffusionPipeline.from_single_file(
        str(checkpoint), config=str(configs), local_files_only=True, torch_dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    noise = torch.randn(1, 4, 8, 8, generator=torch.manual_seed(SEED))
    largest = float(pipeline.scheduler.init_noise_sigma)
    # diffusers starts at sigma * noise, our samplers a little above: at the variance of x itself
    return (
        pipeline(
            PROMPT,
            negative_prompt=NEGATIVE,
            num_inference_steps=STEPS,
            guidance_scale=CFG,
            height=64,
            width=64,
            latents=noise * math.sqrt(1 + largest**2) / largest,
            output_type="pt",
        )
        .images[0]
        .movedim(0, -1)
    )


def drawn_by_our_nodes(context: Context) -> torch.Tensor:
    from nodes.loaders import load_checkpoint
    from nodes.sampling import ksampler
    from nodes.text import encode_text
    from nodes.vae import decode_latent

    loaded = load_checkpoint(ckpt_name="sd1.safetensors", context=context)
    latent = ksampler(
        model=loaded.model,
        seed=SEED,
        steps=STEPS,
        cfg=CFG,
        sampler_name="euler",
        scheduler="normal",
        positive=encode_text(text=PROMPT, clip=loaded.clip, context=context),
        negative=encode_text(text=NEGATIVE, clip=loaded.clip, context=context),
        latent_image={"samples": torch.zeros(1, 4, 8, 8)},
        context=context,
    )
    return decode_latent(samples=latent, vae=loaded.vae, context=context)[0]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_full_size_file_draws_the_same_picture_as_in_diffusers(
    tmp_path: Path, make_context: Callable[..., Context]
) -> None:
    checkpoints = tmp_path / "models" / "checkpoints"
    checkpoints.mkdir(parents=True)
    made = create(presets.sd1(), seed=0)
    # in the layout of old files: half precision, no configuration of ours
    tensors, _ = checkpoint_content(
        diffusion=made.diffusion,
        text_encoders=made.text_encoders,
        autoencoder=made.autoencoder,
        dtype=torch.float16,
    )
    del made
    save_tensors(checkpoints / "sd1.safetensors", tensors, {})
    del tensors
    ours = drawn_by_our_nodes(make_context())
    theirs = drawn_by_diffusers(
        checkpoints / "sd1.safetensors", pipeline_folder(tmp_path / "configs")
    )
    assert float(ours.std()) > 0.02
    assert float((ours - theirs).abs().max()) < 1e-3
