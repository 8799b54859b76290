"""What is saved is what is loaded, and what other programs load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from diffusers.loaders.single_file_utils import (
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from safetensors.torch import load_file, save_file

from nodes.diffusion.checkpoints import (
    Components,
    checkpoint_content,
    create,
    describe,
    load_autoencoder,
    load_diffusion,
    load_text_encoders,
    presets,
    save_checkpoint,
    save_tensors,
)
from nodes.diffusion.errors import MissingComponentError, WeightsMismatchError
from nodes.diffusion.handles import Weights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

Models, Files = dict[str, Components], dict[str, "Path"]
FAMILIES = ("sd1", "sd2", "sdxl")


def weights(path: Path) -> Weights:
    return Weights(sha256="", path=str(path))


def same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_saved_model_loads_bit_identical(models: Models, files: Files, family: str) -> None:
    model, handle = models[family], weights(files[family])
    assert model.diffusion is not None
    assert model.autoencoder is not None
    diffusion, autoencoder = load_diffusion(handle), load_autoencoder(handle)
    encoders = load_text_encoders(handle)
    assert same(model.diffusion.unet.state_dict(), diffusion.unet.state_dict())
    assert same(model.autoencoder.vae.state_dict(), autoencoder.vae.state_dict())
    assert encoders.keys() == model.text_encoders.keys()
    for name, encoder in encoders.items():
        original = model.text_encoders[name]
        assert same(original.model.state_dict(), encoder.model.state_dict())
        assert encoder.tokenizer.kept == original.tokenizer.kept
        assert (encoder.default_layer, encoder.final_norm) == (
            original.default_layer,
            original.final_norm,
        )
    assert diffusion.prediction == model.diffusion.prediction
    assert diffusion.latents == model.diffusion.latents


@pytest.mark.parametrize("family", FAMILIES)
def test_diffusers_converters_read_the_same_network(
    models: Models, files: Files, family: str
) -> None:
    diffusion, autoencoder = models[family].diffusion, models[family].autoencoder
    assert diffusion is not None
    assert autoencoder is not None
    tensors = load_file(files[family])
    unet = convert_ldm_unet_checkpoint(dict(tensors), dict(diffusion.unet.config))
    assert same(diffusion.unet.state_dict(), unet)
    vae = convert_ldm_vae_checkpoint(dict(tensors), dict(autoencoder.vae.config))
    ours = autoencoder.vae.state_dict()
    assert same(ours, {key: tensor.reshape(ours[key].shape) for key, tensor in vae.items()})


def test_diffusers_converter_reads_the_same_open_clip_encoder(models: Models, files: Files) -> None:
    prefix = "conditioner.embedders.1.model."
    encoder = models["sdxl"].text_encoders["g"].model
    converted = convert_open_clip_checkpoint(encoder, load_file(files["sdxl"]), prefix)
    assert same(encoder.state_dict(), converted)


@pytest.mark.parametrize("family", FAMILIES)
def test_saving_again_gives_the_same_bytes(
    models: Models, files: Files, family: str, tmp_path: Path
) -> None:
    model = models[family]
    again = tmp_path / "again.safetensors"
    save_checkpoint(
        again,
        diffusion=model.diffusion,
        text_encoders=model.text_encoders,
        autoencoder=model.autoencoder,
    )
    assert again.read_bytes() == files[family].read_bytes()


def test_half_precision_files_are_computed_with_in_float32(models: Models, tmp_path: Path) -> None:
    path = tmp_path / "half.safetensors"
    save_checkpoint(path, diffusion=models["sd1"].diffusion, dtype=torch.float16)
    assert describe(path).dtype == torch.float16
    loaded = load_diffusion(weights(path))
    assert {tensor.dtype for tensor in loaded.unet.parameters()} == {torch.float32}


def test_a_part_that_the_file_lacks_is_named(models: Models, tmp_path: Path) -> None:
    path = tmp_path / "unet.safetensors"
    save_checkpoint(path, diffusion=models["sd1"].diffusion)
    assert load_diffusion(weights(path)).prediction == "epsilon"
    with pytest.raises(MissingComponentError, match="holds no autoencoder"):
        load_autoencoder(weights(path))
    with pytest.raises(MissingComponentError, match="holds no text encoder"):
        load_text_encoders(weights(path))


def test_missing_tensors_are_named(files: Files, tmp_path: Path) -> None:
    tensors = load_file(files["sd1"])
    del tensors["model.diffusion_model.out.2.bias"]
    path = tmp_path / "torn.safetensors"
    save_file(tensors, path, describe(files["sd1"]).metadata)
    with pytest.raises(WeightsMismatchError, match="lacks 1 tensors") as raised:
        load_diffusion(weights(path))
    assert raised.value.expected == "model.diffusion_model.out.2.bias"


def test_v_prediction_models_carry_the_marks_that_other_programs_look_for(files: Files) -> None:
    assert describe(files["sd2"]).config.prediction == "v_prediction"
    assert load_file(files["sd2"])["v_pred"].numel() == 0
    assert "v_pred" not in load_file(files["sd1"])


def test_the_seed_decides_the_weights_and_the_global_state_stays() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, other = create(presets.tiny(), seed=3), create(presets.tiny(), seed=3)
    assert torch.equal(before, torch.get_rng_state())
    assert one.diffusion is not None
    assert other.diffusion is not None
    assert same(one.diffusion.unet.state_dict(), other.diffusion.unet.state_dict())


def test_the_tiny_model_takes_less_than_two_megabytes(files: Files) -> None:
    assert files["sd1"].stat().st_size < 2_000_000


def test_the_autoencoder_may_be_kept_in_fewer_bits(models: Models, tmp_path: Path) -> None:
    model = models["sd1"]
    content = checkpoint_content(
        diffusion=model.diffusion,
        autoencoder=model.autoencoder,
        dtype=torch.float16,
        vae_dtype=torch.float8_e4m3fn,
    )
    save_tensors(tmp_path / "small.safetensors", *content)
    saved = load_file(tmp_path / "small.safetensors")
    kept = {
        (key.startswith("first_stage_model."), tensor.ndim > 1): tensor.dtype
        for key, tensor in saved.items()
        if tensor.numel()
    }
    assert kept[True, True] == torch.float8_e4m3fn
    assert {kept[True, False], kept[False, True], kept[False, False]} == {torch.float16}
    assert model.autoencoder is not None
    loaded = load_autoencoder(weights(tmp_path / "small.safetensors")).vae.state_dict()
    for key, tensor in model.autoencoder.vae.state_dict().items():
        assert torch.allclose(loaded[key], tensor, rtol=0.07, atol=2e-3)
