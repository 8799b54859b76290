"""Families and sizes, told from names and shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from nodes.diffusion.checkpoints import ModelConfig, describe, presets, save_tensors
from nodes.diffusion.checkpoints.build import build_unet, build_vae, config_of, on_meta
from nodes.diffusion.checkpoints.config import METADATA_KEY
from nodes.diffusion.checkpoints.infer_text import infer_text
from nodes.diffusion.checkpoints.infer_unet import infer_unet
from nodes.diffusion.checkpoints.infer_vae import infer_vae
from nodes.diffusion.checkpoints.keys_unet import unet_places
from nodes.diffusion.checkpoints.keys_vae import vae_places
from nodes.diffusion.errors import MissingFileError, UnknownModelError, WeightsFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

SD2_UNET = {
    "block_out_channels": [320, 640, 1280, 1280],
    "cross_attention_dim": 1024,
    "attention_head_dim": [5, 10, 20, 20],
    "use_linear_projection": True,
}
SDXL_UNET = {
    "block_out_channels": [320, 640, 1280],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "cross_attention_dim": 2048,
    "transformer_layers_per_block": [1, 2, 10],
    "attention_head_dim": [5, 10, 20],
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
UNETS: dict[str, dict[str, Any]] = {
    "sd1": {k: v for k, v in (presets.sd1().unet or {}).items() if k != "sample_size"},
    "sd1 inpainting": {"in_channels": 9, "cross_attention_dim": 768, "attention_head_dim": 8},
    "sd2": SD2_UNET,
    "sdxl": SDXL_UNET,
}


def shapes_of(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize("name", UNETS)
def test_full_size_networks_are_told_from_their_shapes(name: str) -> None:
    unet = on_meta(lambda: build_unet(UNETS[name]))
    shapes = shapes_of(unet)
    places = unet_places(shapes, unet.config)
    original = {places[key].key: shape for key, shape in shapes.items()}
    for seen in (original, shapes):
        again = on_meta(lambda s=seen: build_unet(infer_unet(s)))
        assert shapes_of(again) == shapes
        assert config_of(again) == config_of(unet)


def test_the_original_layout_of_sd1_has_the_names_that_everybody_knows() -> None:
    unet = on_meta(lambda: build_unet(UNETS["sd1"]))
    keys = {place.key for place in unet_places(unet.state_dict(), unet.config).values()}
    assert len(keys) == 686
    assert {
        "input_blocks.3.0.op.weight",
        "input_blocks.11.0.out_layers.3.bias",
        "middle_block.1.transformer_blocks.0.attn2.to_k.weight",
        "output_blocks.2.1.conv.weight",
        "output_blocks.5.2.conv.weight",
        "output_blocks.11.1.transformer_blocks.0.ff.net.0.proj.weight",
        "time_embed.2.weight",
    } <= keys


def test_an_autoencoder_is_told_from_its_shapes_in_both_layouts() -> None:
    vae = on_meta(lambda: build_vae(presets.SD_VAE))
    shapes = shapes_of(vae)
    assert len(shapes) == 248
    places = vae_places(shapes, vae.config)
    original = {
        place.key: shapes[name] + (1, 1) * place.pointwise for name, place in places.items()
    }
    for seen in (original, shapes):
        assert config_of(on_meta(lambda s=seen: build_vae(infer_vae(s)))) == config_of(vae)


def test_files_without_a_configuration_are_told_from_their_names(
    files: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "bare.safetensors"
    save_file(load_file(files["sd1"]), path)
    bare, declared = describe(path), describe(files["sd1"])
    assert bare.config.family == "sd1"
    assert (bare.unet, bare.vae, bare.text_encoders) == (
        declared.unet,
        declared.vae,
        declared.text_encoders,
    )
    assert bare.config.text_encoders["l"].token_ids == presets.tiny().text_encoders["l"].token_ids


def test_a_v_prediction_marker_is_seen(files: dict[str, Path], tmp_path: Path) -> None:
    tensors = load_file(files["sd1"])
    path = tmp_path / "v.safetensors"
    save_file({**tensors, "v_pred": torch.empty(0), "ztsnr": torch.empty(0)}, path)
    config = describe(path).config
    assert (config.prediction, config.zero_terminal_snr) == ("v_prediction", True)


def test_sizes_of_open_clip_encoders_are_told_from_their_shapes() -> None:
    shapes = {
        "token_embedding.weight": (49408, 1280),
        "positional_embedding": (77, 1280),
        "text_projection": (1280, 1024),
        **{f"transformer.resblocks.{n}.mlp.c_fc.weight": (5120, 1280) for n in range(32)},
    }
    found = infer_text(shapes, "g", is_part_of_pair=True)
    assert found.config["num_hidden_layers"] == 32
    assert found.config["num_attention_heads"] == 20
    assert found.config["projection_dim"] == 1024
    assert (found.default_layer, found.final_norm, found.projection) == (-2, False, True)


def test_a_configuration_survives_its_metadata() -> None:
    for make in (presets.tiny, presets.tiny_sd2, presets.tiny_sdxl, presets.sd1):
        config = make()
        read = ModelConfig.from_json(config.to_json())
        bare = {name: replace(one, token_ids=None) for name, one in config.text_encoders.items()}
        assert read == replace(config, text_encoders=bare)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2}',
        presets.tiny().to_json().replace('"epsilon"', '"magic"'),
        presets.tiny().to_json().replace("[16, 32]", "[16, 99999999999]"),
        presets.tiny().to_json().replace("[16, 32]", str([16] * 1000)),
        "[" * 100_000,
    ],
)
def test_a_broken_configuration_is_refused(text: str) -> None:
    with pytest.raises(WeightsFormatError, match=METADATA_KEY):
        ModelConfig.from_json(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"layers_per_block": 1', '"layers_per_block": 100000'),
        ('"norm_num_groups": 8', '"norm_num_groups": 7'),
        ('"norm_num_groups": 8', '"surprise": 7'),
        ('"CrossAttnDownBlock2D"', '"NoSuchBlock"'),
    ],
)
def test_a_configuration_that_makes_no_network_is_refused(before: str, after: str) -> None:
    text = presets.tiny().to_json().replace(before, after)
    config = ModelConfig.from_json(text)
    with pytest.raises(UnknownModelError):
        build_unet(config.unet or {})


def test_models_of_other_families_are_named(tmp_path: Path) -> None:
    path = tmp_path / "flux.safetensors"
    key = "model.diffusion_model.double_blocks.0.img_attn.norm.key_norm.scale"
    save_tensors(path, {key: torch.ones(4)}, {})
    with pytest.raises(UnknownModelError, match="holds no model that is known") as raised:
        describe(path)
    assert raised.value.got == "a model of the family Flux"


def test_a_file_that_is_gone_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="is gone") as caught:
        describe(tmp_path / "model.safetensors")
    assert caught.value.expected == f"a file at {tmp_path / 'model.safetensors'}"
