"""LoRA files of every dialect change the same weights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import torch

from nodes.diffusion.checkpoints import create, presets, save_checkpoint, save_tensors
from nodes.diffusion.checkpoints.read import open_tensors
from nodes.diffusion.errors import PatchError
from nodes.diffusion.handles import Clip, Model
from nodes.diffusion.lora.adapters import LowRank
from nodes.diffusion.lora.file import read_lora
from nodes.diffusion.patches import check_lora
from nodes.diffusion.pristine import Pristine, open_pristine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DOWN, UP = torch.ones(2, 16), torch.ones(16, 2)
D = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
LDM = "input_blocks.1.1.transformer_blocks.0.attn1.to_q"
OUT = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0"
TEXT = "text_model.encoder.layers.0.self_attn.q_proj"


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mapping[str, Pristine]]:
    """The networks of tiny models: `unet`, `l` and those of a pair."""
    folder = tmp_path_factory.mktemp("models")
    found: dict[str, Mapping[str, Pristine]] = {}
    for name, make in (("sd1", presets.tiny), ("sdxl", presets.tiny_sdxl)):
        model = create(make(), seed=0)
        path = folder / f"{name}.safetensors"
        save_checkpoint(path, diffusion=model.diffusion, text_encoders=model.text_encoders)
        found[name] = {**open_pristine(Model, path), **open_pristine(Clip, path)}
    return found


def pair(module: str, up: str, down: str, **more: Any) -> dict[str, Any]:
    return {f"{module}{up}": UP, f"{module}{down}": DOWN, **more}


def flat(path: str) -> str:
    return path.replace(".", "_")


UNET_DIALECTS = {
    "kohya": pair(f"lora_unet_{flat(D)}", ".lora_up.weight", ".lora_down.weight"),
    "kohya of the original layout": pair(
        f"lora_unet_{flat(LDM)}", ".lora_up.weight", ".lora_down.weight"
    ),
    "lycoris": pair(f"lycoris_{flat(D)}", ".lora_up.weight", ".lora_down.weight"),
    "peft": pair(f"base_model.model.{D}", ".lora_B.weight", ".lora_A.weight"),
    "diffusers with peft": pair(f"unet.{D}", ".lora_B.weight", ".lora_A.weight"),
    "diffusers": pair(f"unet.{D}", ".lora.up.weight", ".lora.down.weight"),
    "linear layers": pair(
        f"unet.{D}", ".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight"
    ),
    "attention processors": pair(
        "unet." + D.replace(".to_", ".processor.to_"), "_lora.up.weight", "_lora.down.weight"
    ),
    "adapters of peft": pair(f"unet.{D}", ".lora_B.default.weight", ".lora_A.default.weight"),
    "ComfyUI": pair(f"diffusion_model.{LDM}", ".lora_B.weight", ".lora_A.weight"),
}


@pytest.mark.parametrize("dialect", UNET_DIALECTS)
def test_the_same_layer_is_found_in_every_dialect(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path, dialect: str
) -> None:
    path = tmp_path / "lora.safetensors"
    save_tensors(path, UNET_DIALECTS[dialect], {})
    match = read_lora(open_tensors(path)).match(networks["sd1"]["unet"].names)
    assert list(match.adapters) == [f"{D}.weight"]
    [adapter] = match.adapters[f"{D}.weight"]
    assert isinstance(adapter, LowRank)
    assert adapter.scale == 1.0


def test_the_projection_out_of_attention_is_found_without_its_number(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    old = "unet." + OUT.replace(".to_out.0", ".processor.to_out")
    save_tensors(tmp_path / "a.safetensors", pair(old, "_lora.up.weight", "_lora.down.weight"), {})
    match = read_lora(open_tensors(tmp_path / "a.safetensors")).match(networks["sd1"]["unet"].names)
    assert list(match.adapters) == [f"{OUT}.weight"]


@pytest.mark.parametrize(
    ("model", "network", "module"),
    [
        ("sd1", "l", f"lora_te_{flat(TEXT)}"),
        ("sd1", "l", f"lora_te1_{flat(TEXT)}"),
        ("sd1", "l", f"text_encoder.{TEXT}"),
        ("sd1", "l", "text_encoder." + TEXT.replace("q_proj", "to_q")),
        ("sd1", "l", f"text_encoders.clip_l.transformer.{TEXT}"),
        ("sdxl", "l", f"lora_te1_{flat(TEXT)}"),
        ("sdxl", "g", f"lora_te2_{flat(TEXT)}"),
        ("sdxl", "g", f"text_encoder_2.{TEXT}"),
    ],
)
def test_layers_of_text_encoders_are_found(
    networks: dict[str, Mapping[str, Pristine]], model: str, network: str, module: str
) -> None:
    for name in {*networks[model]} - {"unet"}:
        found = networks[model][name].names.get(module)
        assert (found or "").endswith("layers.0.self_attn.q_proj.weight") == (name == network)


def test_alpha_divides_by_the_rank(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    module = f"lora_unet_{flat(D)}"
    tensors = UNET_DIALECTS["kohya"] | {f"{module}.alpha": torch.tensor(1.0)}
    save_tensors(tmp_path / "a.safetensors", tensors, {})
    match = read_lora(open_tensors(tmp_path / "a.safetensors")).match(networks["sd1"]["unet"].names)
    [adapter] = match.adapters[f"{D}.weight"]
    assert isinstance(adapter, LowRank)
    assert adapter.scale == 0.5


@pytest.mark.parametrize(
    ("config", "scale"),
    [
        ({"unet.lora_alpha": 4}, 2.0),
        ({"unet.lora_alpha": 4, "unet.use_rslora": True}, 4 / 2**0.5),
        ({"unet.lora_alpha": 4, "unet.alpha_pattern": {"attn1.to_q": 6}}, 3.0),
        ({"text_encoder.lora_alpha": 4}, 1.0),
    ],
)
def test_alpha_is_read_from_diffusers_metadata(
    networks: dict[str, Mapping[str, Pristine]],
    tmp_path: Path,
    config: dict[str, Any],
    scale: float,
) -> None:
    metadata = {"lora_adapter_metadata": json.dumps(config)}
    save_tensors(tmp_path / "a.safetensors", UNET_DIALECTS["diffusers with peft"], metadata)
    match = read_lora(open_tensors(tmp_path / "a.safetensors")).match(networks["sd1"]["unet"].names)
    [adapter] = match.adapters[f"{D}.weight"]
    assert isinstance(adapter, LowRank)
    assert adapter.scale == pytest.approx(scale)


def test_biases_and_norms_are_changed_too(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    norm = "down_blocks.0.attentions.0.norm"
    tensors = {
        f"lora_unet_{flat(norm)}.w_norm": torch.ones(16),
        f"lora_unet_{flat(norm)}.b_norm": torch.ones(16),
        f"lora_unet_{flat(OUT)}.diff_b": torch.ones(16),
    }
    save_tensors(tmp_path / "a.safetensors", tensors, {})
    match = read_lora(open_tensors(tmp_path / "a.safetensors")).match(networks["sd1"]["unet"].names)
    assert set(match.adapters) == {f"{norm}.weight", f"{norm}.bias", f"{OUT}.bias"}


def test_what_does_not_fit_is_reported(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    tensors = UNET_DIALECTS["kohya"] | {
        "lora_unet_elsewhere.lora_up.weight": UP,
        "strange.tensor": DOWN,
        "bundle_emb.cat.clip_l": DOWN,
    }
    save_tensors(tmp_path / "a.safetensors", tensors, {})
    report = check_lora(tmp_path / "a.safetensors", networks["sd1"]["unet"].names)
    assert report.matched == 1
    assert report.unmatched == ("lora_unet_elsewhere", "strange.tensor")


def test_a_file_that_fits_nothing_names_its_dialect(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    module = "lora_unet_double_blocks_0_img_attn_qkv"
    tensors = pair(module, ".lora_up.weight", ".lora_down.weight")
    save_tensors(tmp_path / "flux.safetensors", tensors, {})
    with pytest.raises(PatchError, match=r"nothing in flux\.safetensors fits") as raised:
        check_lora(tmp_path / "flux.safetensors", networks["sd1"]["unet"].names)
    assert raised.value.got == "1 modules with a LoRA of Flux (kohya's names)"


def test_a_file_that_is_no_lora_is_refused(tmp_path: Path) -> None:
    save_tensors(tmp_path / "a.safetensors", {"weight": UP}, {})
    with pytest.raises(PatchError, match="is no LoRA"):
        read_lora(open_tensors(tmp_path / "a.safetensors"))


def test_half_of_a_pair_is_refused(
    networks: dict[str, Mapping[str, Pristine]], tmp_path: Path
) -> None:
    save_tensors(tmp_path / "a.safetensors", {f"lora_unet_{flat(D)}.lora_up.weight": UP}, {})
    lora = read_lora(open_tensors(tmp_path / "a.safetensors"))
    with pytest.raises(PatchError, match="lacks down"):
        lora.match(networks["sd1"]["unet"].names)
