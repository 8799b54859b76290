"""Models out of models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file

from engine.cache.results import ResultsCache
from nodes.diffusion.checkpoints import describe
from nodes.diffusion.handles import ModelMerge, ModelSum
from nodes.loaders import Checkpoint, load_checkpoint
from nodes.merge import merge_blocks, merge_clips, merge_models, subtract_models
from nodes.merge import save_checkpoint as save_checkpoint_node

if TYPE_CHECKING:
    from pathlib import Path

    from engine import Context


def test_merging_makes_handles_that_know_both_models(
    loaded: Checkpoint, models: Path, context: Context
) -> None:
    other = load_checkpoint(ckpt_name="other.safetensors", context=context)
    merged = merge_models(model1=loaded.model, model2=other.model, ratio=0.3, context=context)
    assert merged.patches == (ModelMerge(other=other.model, ratio=0.3),)
    difference = subtract_models(
        model1=loaded.model, model2=other.model, multiplier=2.0, context=context
    )
    assert difference.patches == (ModelSum(other=other.model, own=2.0, others=-2.0),)
    assert merge_clips(clip1=loaded.clip, clip2=other.clip, context=context).patches


def test_merged_blocks_are_remembered_in_files_and_in_the_cache(
    loaded: Checkpoint, models: Path, context: Context, tmp_path: Path
) -> None:
    other = load_checkpoint(ckpt_name="other.safetensors", context=context)
    merged = merge_blocks(
        model1=loaded.model, model2=other.model, input=0.2, middle=0.4, out=0.6, context=context
    )
    [merge] = merged.patches
    assert isinstance(merge, ModelMerge)
    names = ("time_embed.0.weight", "input_blocks.1.0.x", "middle_block.0.x", "output_blocks.2.x")
    assert [merge.ratio_of(name) for name in (*names, "out.0.bias")] == [0.2, 0.2, 0.4, 0.6, 0.6]
    cache = ResultsCache(folder=tmp_path / "cache")
    cache.put(b"m" * 21, [merged], 10.0)
    assert ResultsCache(folder=tmp_path / "cache").get(b"m" * 21) == [merged]


def test_a_saved_merge_loads_as_the_average_with_its_provenance(
    loaded: Checkpoint, models: Path, context: Context, tmp_path: Path
) -> None:
    other = load_checkpoint(ckpt_name="other.safetensors", context=context)
    merged = merge_models(model1=loaded.model, model2=other.model, ratio=0.25, context=context)
    saved = save_checkpoint_node(
        model=merged,
        clip=loaded.clip,
        vae=loaded.vae,
        filename_prefix="made/merge",
        context=context,
    )
    assert saved.ui["files"][0]["filename"] == "merge_00001_.safetensors"
    path = tmp_path / "output" / "made" / "merge_00001_.safetensors"
    one, two, average = (
        load_file(file)["model.diffusion_model.out.2.weight"]
        for file in (
            models / "checkpoints" / "tiny.safetensors",
            models / "checkpoints" / "other.safetensors",
            path,
        )
    )
    assert torch.allclose(average, one * 0.25 + two * 0.75)
    metadata = describe(path).metadata
    sources = json.loads(metadata["latentloom.sources"])
    assert set(sources.values()) == {"tiny.safetensors", "other.safetensors"}
    assert json.loads(metadata["workflow"])["version"] == 0.4
    assert "SaveImage" in metadata["prompt"]
