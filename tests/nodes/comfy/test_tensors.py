from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nodes.comfy import model_management, node_helpers, tensors
from nodes.diffusion.errors import WeightsFormatError


def test_weight_files_come_back_and_pickled_code_never_runs(tmp_path: Path) -> None:
    weights = {"a.w": torch.arange(4.0), "a.b": torch.ones(2, dtype=torch.float16)}
    path = tmp_path / "w.safetensors"
    tensors.save_torch_file(weights, path, {"made": "here"})
    found, metadata = tensors.load_torch_file(str(path), return_metadata=True)
    assert metadata["made"] == "here"
    assert torch.equal(found["a.w"], weights["a.w"])
    found["a.w"].add_(1)
    assert torch.equal(tensors.load_torch_file(path)["a.w"], weights["a.w"])
    header = tensors.safetensors_header(path)
    assert header is not None
    assert b'"a.w"' in header
    (tmp_path / "evil.safetensors").write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(WeightsFormatError, match="pickle"):
        tensors.load_torch_file(tmp_path / "evil.safetensors")


def test_names_of_weights_are_counted_and_renamed() -> None:
    weights = {"old.a": torch.ones(2, 3), "old.b": torch.ones(4).half(), "other": torch.ones(1)}
    assert tensors.calculate_parameters(weights, "old.") == 10
    assert tensors.weight_dtype(weights) == torch.float32
    assert tensors.weight_dtype({}) is None
    assert set(tensors.state_dict_prefix_replace(dict(weights), {"old.": "new."}, True)) == {
        "new.a",
        "new.b",
    }
    kept = tensors.state_dict_prefix_replace(dict(weights), {"old.": "new."})
    assert set(kept) == {"new.a", "new.b", "other"}


def test_batches_are_cut_and_repeated() -> None:
    batch = torch.arange(3.0)[:, None]
    assert tensors.repeat_to_batch_size(batch, 2).flatten().tolist() == [0, 1]
    assert tensors.repeat_to_batch_size(batch, 7).flatten().tolist() == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.parametrize("method", ["nearest-exact", "bilinear", "lanczos", "bislerp"])
def test_planes_are_resized_frames_too(method: str) -> None:
    assert tensors.common_upscale(torch.rand(1, 3, 4, 6), 12, 8, method, "disabled").shape == (
        1,
        3,
        8,
        12,
    )
    if method == "bilinear":
        frames = tensors.common_upscale(torch.rand(2, 3, 5, 4, 6), 12, 8, method, "center")
        assert frames.shape == (2, 3, 5, 8, 12)


def test_a_picture_made_in_tiles_has_no_seams() -> None:
    picture = torch.rand(2, 3, 70, 90)
    told: list[int] = []

    class Bar:
        def update(self, steps: int) -> None:
            told.append(steps)

    def double(tile: torch.Tensor) -> torch.Tensor:
        return tile.repeat_interleave(2, 2).repeat_interleave(2, 3)

    made = tensors.tiled_scale(picture, double, 32, 32, 8, 2, 3, pbar=Bar())
    assert torch.allclose(made, double(picture), atol=1e-5)
    assert len(told) == 2 * tensors.get_tiled_scale_steps(90, 70, 32, 32, 8)


def test_masks_fit_latents() -> None:
    mask = tensors.reshape_mask(torch.ones(8, 8), torch.Size((2, 4, 3, 5)))
    assert mask.shape == (2, 4, 3, 5)


def test_attributes_are_reached_by_dotted_paths() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(2, 2))
    before = tensors.set_attr_param(network, "0.weight", torch.zeros(2, 2))
    assert before.requires_grad
    assert not tensors.get_attr(network, "0.weight").any()
    tensors.copy_to_param(network, "0.bias", torch.ones(2))
    assert tensors.get_attr(network, "0.bias").sum() == 2


def test_conditionings_get_facts_and_stay_what_they_were() -> None:
    given = [[torch.ones(1), {"a": [1]}]]
    changed = node_helpers.conditioning_set_values(given, {"a": [2], "b": 3}, append=True)
    assert changed[0][1] == {"a": [1, 2], "b": 3}
    assert given[0][1] == {"a": [1]}
    assert node_helpers.conditioning_set_values(given, {"a": [2]})[0][1] == {"a": [2]}


def test_pictures_get_as_many_channels_as_others() -> None:
    colours, alpha = torch.zeros(1, 2, 2, 3), torch.zeros(1, 2, 2, 4)
    assert node_helpers.image_alpha_fix(colours, alpha)[1].shape[-1] == 3
    assert node_helpers.image_alpha_fix(alpha, colours)[1][..., 3].min() == 1
    assert node_helpers.string_to_torch_dtype("bf16") is torch.bfloat16


def test_the_device_and_its_memory_are_known() -> None:
    device = model_management.get_torch_device()
    assert model_management.is_device_cuda(device) == torch.cuda.is_available()
    assert 0 < model_management.get_free_memory(device) <= model_management.get_total_memory(device)
    assert model_management.intermediate_device().type == "cpu"
    assert model_management.vram_state in model_management.VRAMState
    with pytest.raises(AttributeError):
        _ = model_management.no_such_thing
