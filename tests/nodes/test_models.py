"""The nodes that load, patch, merge and save models, and those that encode with them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from engine import FileProblemError, InputError, PathEscapeError
from nodes.diffusion.checkpoints import create, describe, presets, save_checkpoint
from nodes.diffusion.handles import LoraPatch
from nodes.embeddings import find_embedding
from nodes.loaders import Checkpoint, load_checkpoint, load_clip, load_unet, load_vae
from nodes.lora import load_lora, load_lora_model_only
from nodes.merge import save_clip, save_vae
from nodes.text import encode_text, set_last_layer
from nodes.vae import (
    decode_latent,
    decode_latent_tiled,
    encode_for_inpaint,
    encode_picture,
    encode_picture_tiled,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context


def test_a_checkpoint_gives_three_handles_to_one_file(loaded: Checkpoint) -> None:
    assert loaded.model.weights == loaded.clip.weights == loaded.vae.weights
    assert len(loaded.model.weights.sha256) == 64


def test_a_missing_model_names_the_nearest_and_where_it_was_looked_for(
    models: Path, context: Context
) -> None:
    with pytest.raises(FileProblemError) as raised:
        load_checkpoint(ckpt_name="tyny.safetensors", context=context)
    [problem] = raised.value.problems
    assert (problem.input, problem.nearest) == ("ckpt_name", "tiny.safetensors")
    assert str(models / "checkpoints") in str(problem.expected)


def test_a_file_of_another_kind_is_called_what_it_is(models: Path, context: Context) -> None:
    shutil.copy(models / "vae" / "vae.safetensors", models / "checkpoints" / "vae.safetensors")
    with pytest.raises(InputError, match="holds no denoising network") as raised:
        load_checkpoint(ckpt_name="vae.safetensors", context=context)
    assert raised.value.problem.got == "autoencoder"


def test_a_broken_file_is_blamed_on_its_input(models: Path, context: Context) -> None:
    (models / "checkpoints" / "cut.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{")
    with pytest.raises(InputError, match="no whole safetensors file") as raised:
        load_checkpoint(ckpt_name="cut.safetensors", context=context)
    assert raised.value.problem.input == "ckpt_name"


def test_parts_load_from_files_of_their_own(models: Path, context: Context) -> None:
    folder = models / "diffusion_models"
    folder.mkdir()
    shutil.copy(models / "checkpoints" / "tiny.safetensors", folder)
    vae = load_vae(vae_name="vae.safetensors", context=context)
    clip = load_clip(clip_name="clip.ckpt", type="stable_diffusion", context=context)
    load_unet(unet_name="tiny.safetensors", weight_dtype="default", context=context)
    [[states, settings]] = encode_text(text="a red apple", clip=clip, context=context)
    assert states.shape == (1, 77, 32)
    assert settings["pooled_output"].shape == (1, 32)
    picture = decode_latent(samples={"samples": torch.zeros(2, 4, 4, 4)}, vae=vae, context=context)
    assert picture.shape == (2, 32, 32, 3)


def test_an_embedding_is_found_in_sub_folders_and_inserted(
    loaded: Checkpoint, models: Path, context: Context
) -> None:
    path = models / "embeddings" / "people" / "ada.safetensors"
    assert find_embedding(context.folders, "ada") == path
    assert find_embedding(context.folders, "../../loras/lora") is None
    with_it = encode_text(text="a embedding:ada", clip=loaded.clip, context=context)
    without = encode_text(text="a", clip=loaded.clip, context=context)
    assert not torch.equal(with_it[0][0], without[0][0])
    missing = encode_text(text="a embedding:bob", clip=loaded.clip, context=context)
    assert torch.equal(missing[0][0], without[0][0])


def test_another_layer_is_another_conditioning(loaded: Checkpoint, context: Context) -> None:
    deeper = set_last_layer(clip=loaded.clip, stop_at_clip_layer=-2)
    one = encode_text(text="apple", clip=loaded.clip, context=context)
    other = encode_text(text="apple", clip=deeper, context=context)
    assert not torch.equal(one[0][0], other[0][0])


def test_a_lora_of_no_strength_changes_nothing(loaded: Checkpoint, context: Context) -> None:
    patched = load_lora(
        model=loaded.model,
        clip=loaded.clip,
        lora_name="lora.safetensors",
        strength_model=0.0,
        strength_clip=0.0,
        context=context,
    )
    assert patched == (loaded.model, loaded.clip)


def test_a_lora_is_put_on_top_and_what_does_not_fit_is_told(
    models: Path, make_context: Callable[..., Context]
) -> None:
    events: list[Any] = []
    context = make_context(listener=events.append)
    model = load_checkpoint(ckpt_name="tiny.safetensors", context=context).model
    patched = load_lora_model_only(
        model=model, lora_name="lora.safetensors", strength_model=0.5, context=context
    )
    [patch] = patched.patches
    assert isinstance(patch, LoraPatch)
    assert patch.strength == 0.5
    [report] = [event for event in events if getattr(event, "kind", None) == "lora"]
    assert report.data == {
        "file": "lora.safetensors",
        "matched": 1,
        "unmatched": ["odd.tensor"],
    }


def test_a_lora_that_fits_nothing_is_blamed_on_its_input(
    loaded: Checkpoint, context: Context
) -> None:
    with pytest.raises(InputError, match=r"nothing in none\.safetensors fits") as raised:
        load_lora_model_only(model=loaded.model, lora_name="none.safetensors", context=context)
    assert raised.value.problem.input == "lora_name"


def test_parts_are_saved_beneath_the_output_folder_only(
    loaded: Checkpoint, context: Context, tmp_path: Path
) -> None:
    save_vae(vae=loaded.vae, context=context)
    save_vae(vae=loaded.vae, context=context)
    save_clip(clip=loaded.clip, context=context)
    output = tmp_path / "output"
    assert sorted(path.name for path in (output / "vae").iterdir()) == [
        "ComfyUI_vae_00001_.safetensors",
        "ComfyUI_vae_00002_.safetensors",
    ]
    assert describe(output / "clip" / "ComfyUI_00001_.safetensors").text_encoders
    with pytest.raises(PathEscapeError):
        save_vae(vae=loaded.vae, filename_prefix="../../escaped", context=context)


def test_encoding_is_deterministic_and_crops_to_whole_cells(
    loaded: Checkpoint, context: Context
) -> None:
    pictures = torch.rand(2, 35, 44, 4, generator=torch.Generator().manual_seed(0))
    latent = encode_picture(pixels=pictures, vae=loaded.vae, context=context)["samples"]
    assert latent.shape == (2, 4, 4, 5)
    middle = pictures[:, 1:33, 2:42, :3]
    again = encode_picture(pixels=middle, vae=loaded.vae, context=context)["samples"]
    assert torch.equal(latent, again)


def test_a_tile_as_large_as_the_picture_changes_little(
    loaded: Checkpoint, context: Context
) -> None:
    latent = {"samples": torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(0))}
    whole = decode_latent(samples=latent, vae=loaded.vae, context=context)
    large = decode_latent_tiled(
        samples=latent, vae=loaded.vae, tile_size=512, overlap=64, context=context
    )
    small = decode_latent_tiled(
        samples=latent, vae=loaded.vae, tile_size=64, overlap=16, context=context
    )
    assert torch.allclose(large, whole, atol=1e-5)
    assert whole.shape == small.shape
    pixels = whole.clone()
    tiled = encode_picture_tiled(pixels=pixels, vae=loaded.vae, tile_size=512, context=context)
    plain = encode_picture(pixels=pixels, vae=loaded.vae, context=context)
    assert torch.allclose(tiled["samples"], plain["samples"], atol=1e-5)


def test_inpainting_greys_the_hole_and_grows_the_noise_mask(
    loaded: Checkpoint, context: Context
) -> None:
    pictures = torch.rand(1, 32, 32, 3, generator=torch.Generator().manual_seed(0))
    mask = torch.zeros(1, 32, 32)
    mask[:, 8:16, 8:16] = 1
    latent = encode_for_inpaint(
        pixels=pictures, vae=loaded.vae, mask=mask, grow_mask_by=4, context=context
    )
    grey = pictures.clone()
    grey[:, 8:16, 8:16] = 0.5
    plain = encode_picture(pixels=grey, vae=loaded.vae, context=context)
    assert torch.equal(latent["samples"], plain["samples"])
    assert latent["noise_mask"].shape == (1, 1, 32, 32)
    assert latent["noise_mask"].sum() == 11 * 11
    exact = encode_for_inpaint(
        pixels=pictures, vae=loaded.vae, mask=mask, grow_mask_by=0, context=context
    )
    assert torch.equal(exact["noise_mask"][:, 0], mask)


def test_a_checkpoint_without_an_autoencoder_says_so_when_it_is_needed(
    models: Path, context: Context
) -> None:
    made = create(presets.tiny(), seed=1)
    path = models / "checkpoints" / "half.safetensors"
    save_checkpoint(path, diffusion=made.diffusion, text_encoders=made.text_encoders)
    half = load_checkpoint(ckpt_name="half.safetensors", context=context)
    with pytest.raises(InputError, match="holds no autoencoder") as raised:
        decode_latent(samples={"samples": torch.zeros(1, 4, 4, 4)}, vae=half.vae, context=context)
    assert raised.value.problem.input == "vae"
    assert replace(half.vae) == half.vae
