"""Weights on a device: patched, merged, restored, evicted."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.cache.budgets import Budgets
from engine.cache.results import ResultsCache
from nodes.diffusion.checkpoints import create, presets, save_checkpoint, save_tensors
from nodes.diffusion.errors import MergeError
from nodes.diffusion.handles import (
    Clip,
    ClipMerge,
    LoraPatch,
    Model,
    ModelMerge,
    ModelSum,
    Vae,
    Weights,
)
from nodes.diffusion.residency import Residency

if TYPE_CHECKING:
    from collections.abc import Mapping

D = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
TEXT = "encoder.layers.0.self_attn.q_proj"
State = dict[str, Tensor]


@dataclass(frozen=True)
class Shelf:
    """Handles of files on disk."""

    model: Model
    other: Model
    wide: Model
    lora: LoraPatch

    @property
    def clip(self) -> Clip:
        return Clip(weights=self.model.weights)


def weights(path: Path) -> Weights:
    return Weights(sha256=path.stem, path=str(path))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    for seed, (name, make) in enumerate(
        (("base", presets.tiny), ("other", presets.tiny), ("wide", presets.tiny_sdxl))
    ):
        model = create(make(), seed)
        save_checkpoint(
            folder / f"{name}.safetensors",
            diffusion=model.diffusion,
            text_encoders=model.text_encoders,
            autoencoder=model.autoencoder,
        )
    generator = torch.Generator().manual_seed(0)
    tensors = {
        f"{module}.{part}": torch.randn(*shape, generator=generator)
        for module, width in (
            (f"lora_unet_{D.replace('.', '_')}", 16),
            (f"lora_te_text_model_{TEXT.replace('.', '_')}", 32),
        )
        for part, shape in (("lora_up.weight", (width, 4)), ("lora_down.weight", (4, width)))
    }
    save_tensors(folder / "lora.safetensors", tensors, {})
    handles = {name: weights(folder / f"{name}.safetensors") for name in ("base", "other", "wide")}
    return Shelf(
        model=Model(weights=handles["base"]),
        other=Model(weights=handles["other"]),
        wide=Model(weights=handles["wide"]),
        lora=LoraPatch(weights=weights(folder / "lora.safetensors"), strength=0.7),
    )


def state(residency: Residency, handle: Model) -> State:
    with residency.diffusion(handle) as diffusion:
        return {name: one.clone() for name, one in diffusion.unet.state_dict().items()}


def differing(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> set[str]:
    return {name for name in one if not torch.equal(one[name], other[name])}


def patched(handle: Model, *patches: LoraPatch | ModelMerge | ModelSum) -> Model:
    return replace(handle, patches=patches)


def test_a_lora_changes_its_layers_and_nothing_else(shelf: Shelf) -> None:
    residency = Residency()
    base, changed = (
        state(residency, shelf.model),
        state(residency, patched(shelf.model, shelf.lora)),
    )
    assert differing(base, changed) == {f"{D}.weight"}


def test_a_thousand_changes_leave_the_base_bit_identical(shelf: Shelf) -> None:
    residency = Residency()
    base = state(residency, shelf.model)
    for number in range(1000):
        patch = replace(shelf.lora, strength=number / 100 - 5)
        with residency.diffusion(patched(shelf.model, patch)):
            pass
        if number % 100 == 0:
            assert differing(base, state(residency, shelf.model)) == set()
    assert differing(base, state(residency, shelf.model)) == set()
    assert differing(base, state(Residency(), shelf.model)) == set()


def test_stacked_loras_add_up_on_the_original_weight(shelf: Shelf) -> None:
    residency = Residency()
    key = f"{D}.weight"
    base = state(residency, shelf.model)[key]
    once = state(residency, patched(shelf.model, shelf.lora))[key] - base
    twice = state(residency, patched(shelf.model, shelf.lora, shelf.lora))[key] - base
    assert torch.allclose(twice, 2 * once, atol=1e-5)


def test_the_text_encoder_gets_its_part_of_a_lora(shelf: Shelf) -> None:
    residency = Residency()
    with residency.text_encoders(shelf.clip) as encoders:
        base = {k: v.clone() for k, v in encoders["l"].model.state_dict().items()}
    with residency.text_encoders(replace(shelf.clip, patches=(shelf.lora,))) as encoders:
        changed = differing(base, encoders["l"].model.state_dict())
    assert {name.removeprefix("text_model.") for name in changed} == {f"{TEXT}.weight"}


def test_a_merge_is_the_weighted_average_of_each_tensor(shelf: Shelf) -> None:
    residency = Residency()
    one, other = state(residency, shelf.model), state(residency, shelf.other)
    merged = state(residency, patched(shelf.model, ModelMerge(other=shelf.other, ratio=0.25)))
    assert all(torch.allclose(merged[k], one[k] * 0.25 + other[k] * 0.75) for k in one)
    assert differing(one, state(residency, shelf.model)) == set()


def test_parts_of_a_merge_have_ratios_of_their_own(shelf: Shelf) -> None:
    residency = Residency()
    one, other = state(residency, shelf.model), state(residency, shelf.other)
    blocks = (("input", 0.0), ("input_blocks.0.", 0.25), ("middle", 1.0))
    merge = ModelMerge(other=shelf.other, ratio=0.5, blocks=blocks)
    merged = state(residency, patched(shelf.model, merge))
    ratios = {
        "conv_in.weight": 0.25,
        "down_blocks.0.resnets.0.conv1.weight": 0.0,
        "mid_block.resnets.0.conv1.weight": 1.0,
        "up_blocks.0.resnets.0.conv1.weight": 0.5,
        "time_embedding.linear_1.weight": 0.5,
    }
    for name, ratio in ratios.items():
        assert torch.allclose(merged[name], one[name] * ratio + other[name] * (1 - ratio)), name
    assert torch.equal(
        merged["mid_block.resnets.0.conv1.weight"], one["mid_block.resnets.0.conv1.weight"]
    )


def test_a_merge_with_everything_of_one_is_that_one(shelf: Shelf) -> None:
    residency = Residency()
    all_own = patched(shelf.model, ModelMerge(other=shelf.other, ratio=1.0))
    none_own = patched(shelf.model, ModelMerge(other=shelf.other, ratio=0.0))
    assert differing(state(residency, shelf.model), state(residency, all_own)) == set()
    assert differing(state(residency, shelf.other), state(residency, none_own)) == set()


def test_adding_back_a_difference_gives_the_other_model(shelf: Shelf) -> None:
    residency = Residency()
    difference = patched(shelf.other, ModelSum(other=shelf.model, own=1.0, others=-1.0))
    back = state(residency, patched(shelf.model, ModelSum(other=difference, own=1.0, others=1.0)))
    other = state(residency, shelf.other)
    assert all(torch.allclose(back[key], other[key], atol=1e-6) for key in other)


def test_a_lora_inside_of_a_merge_is_applied_before_it(shelf: Shelf) -> None:
    residency = Residency()
    tuned = patched(shelf.model, shelf.lora)
    half = state(residency, patched(shelf.model, ModelMerge(other=tuned, ratio=0.5)))
    key = f"{D}.weight"
    expected = (state(residency, shelf.model)[key] + state(residency, tuned)[key]) / 2
    assert torch.allclose(half[key], expected, atol=1e-6)


def test_models_of_different_sizes_do_not_merge(shelf: Shelf) -> None:
    residency = Residency()
    with pytest.raises(MergeError, match="different sizes"):
        residency.check(patched(shelf.model, ModelMerge(other=shelf.wide, ratio=0.5)))
    wide = Clip(weights=shelf.wide.weights)
    with pytest.raises(MergeError, match="different sizes"):
        residency.check(replace(shelf.clip, patches=(ClipMerge(other=wide, ratio=0.5),)))


def test_what_is_in_use_keeps_its_weights(shelf: Shelf) -> None:
    residency = Residency()
    tuned = patched(shelf.model, shelf.lora)
    with residency.diffusion(shelf.model) as base:
        before = {name: one.clone() for name, one in base.unet.state_dict().items()}
        with residency.diffusion(tuned) as changed, residency.diffusion(shelf.model) as again:
            assert changed.unet is not base.unet
            assert again.unet is base.unet
            assert differing(before, base.unet.state_dict()) == set()


def test_a_file_is_loaded_once(shelf: Shelf) -> None:
    residency = Residency()
    with residency.diffusion(shelf.model) as first:
        pass
    with residency.diffusion(patched(shelf.model, shelf.lora)) as second:
        assert second.unet is first.unet


def test_the_handle_overrides_what_the_file_says_about_itself(shelf: Shelf) -> None:
    residency = Residency()
    handle = replace(shelf.model, prediction="v_prediction", zero_terminal_snr=True)
    with residency.diffusion(handle) as diffusion:
        assert (diffusion.prediction, diffusion.zero_terminal_snr) == ("v_prediction", True)
    with residency.diffusion(shelf.model) as diffusion:
        assert (diffusion.prediction, diffusion.zero_terminal_snr) == ("epsilon", False)


def test_the_budget_evicts_what_was_not_used_for_longest(shelf: Shelf) -> None:
    measure = Residency()
    with measure.diffusion(shelf.model):
        size = measure.bytes
    residency = Residency(budget=size)
    with residency.diffusion(shelf.model):
        pass
    with residency.diffusion(shelf.other):
        assert residency.bytes == size
    with residency.diffusion(shelf.model), residency.diffusion(shelf.other):
        assert residency.bytes == 2 * size
    assert residency.bytes == size


def size_of(shelf: Shelf) -> int:
    measure = Residency()
    with measure.diffusion(shelf.model):
        return measure.bytes


def kept(each: int, count: int, **budgets: int) -> ResultsCache:
    """Return a cache with so many results of a size, which nothing needs right now."""
    cache = ResultsCache(Budgets(ram=100 * each * count, disk=0, **budgets))
    for number in range(count):
        cache.put(bytes([number]) * 21, [np.zeros(each, np.uint8)], 1.0)
    return cache


def test_results_go_before_weights_must_and_get_what_weights_leave(shelf: Shelf) -> None:
    size = size_of(shelf)
    residency, results = Residency(), kept(size // 4, 8, device=3 * size)
    residency.share_memory(results)
    assert results.stats().ram.budget == 3 * size
    for handle in (shelf.model, shelf.other):
        with residency.diffusion(handle):
            pass
    assert residency.bytes == 2 * size
    assert size // 2 < results.bytes_on("cpu") <= size
    assert results.stats().ram.budget == size


def test_results_keep_an_eighth_of_the_budget_and_idle_weights_go(shelf: Shelf) -> None:
    size = size_of(shelf)
    residency, results = Residency(), kept(size // 16, 32, device=2 * size)
    residency.share_memory(results)
    for handle in (shelf.model, shelf.other):
        with residency.diffusion(handle):
            pass
    assert size // 8 <= results.bytes_on("cpu") <= size // 4
    assert residency.bytes == size
    residency.release()
    assert results.stats().ram.budget == 2 * size


def test_release_gives_up_all_that_is_not_in_use(shelf: Shelf) -> None:
    residency = Residency()
    with residency.autoencoder(Vae(weights=shelf.model.weights)) as autoencoder:
        with residency.diffusion(shelf.model):
            pass
        kept = sum(one.numel() * 4 for one in autoencoder.vae.parameters())
        assert residency.release() > 0
        assert residency.bytes == kept
    assert residency.release() == kept
    assert residency.bytes == 0


def test_a_failed_patch_does_not_poison_the_model(shelf: Shelf, tmp_path: Path) -> None:
    bad = {
        f"lora_unet_{D.replace('.', '_')}.diff": torch.ones(16, 16),
        "lora_unet_conv_in.diff": torch.ones(3),
    }
    save_tensors(tmp_path / "bad.safetensors", bad, {})
    residency = Residency()
    base = state(residency, shelf.model)
    broken = LoraPatch(weights=weights(tmp_path / "bad.safetensors"), strength=1.0)
    with pytest.raises(ValueError, match="another size"):
        state(residency, patched(shelf.model, broken))
    assert differing(base, state(residency, shelf.model)) == set()


def test_a_renamed_file_is_found_where_it_is_now(shelf: Shelf, tmp_path: Path) -> None:
    moved = tmp_path / "moved.safetensors"
    moved.write_bytes(Path(shelf.model.weights.path).read_bytes())
    residency = Residency()
    residency.remember(Weights(sha256="gone", path=str(moved)))
    old = Model(weights=Weights(sha256="gone", path=str(tmp_path / "gone.safetensors")))
    assert differing(state(residency, old), state(residency, shelf.model)) == set()


def test_threads_never_see_each_others_patches(shelf: Shelf) -> None:
    residency = Residency()
    handles = [shelf.model, patched(shelf.model, shelf.lora)]
    expected = [state(residency, handle)[f"{D}.weight"] for handle in handles]
    wrong: list[int] = []

    def work(number: int) -> None:
        seen = (state(residency, handles[number])[f"{D}.weight"] for _ in range(30))
        wrong.extend(number for one in seen if not torch.equal(one, expected[number]))

    threads = [threading.Thread(target=work, args=(number % 2,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
