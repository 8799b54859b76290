from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from engine import FileProblemError
from nodes.latent import (
    empty_latent_image,
    latent_upscale,
    latent_upscale_by,
    set_latent_noise_mask,
)
from nodes.latent_batch import (
    latent_batch,
    latent_batch_seed_behavior,
    latent_from_batch,
    rebatch_latents,
    repeat_latent_batch,
)
from nodes.latent_files import load_latent, save_latent
from nodes.latent_transform import (
    latent_add,
    latent_blend,
    latent_composite,
    latent_concat,
    latent_crop,
    latent_cut,
    latent_flip,
    latent_interpolate,
    latent_multiply,
    latent_rotate,
    latent_subtract,
)

if TYPE_CHECKING:
    from engine import Context


def latent(batch: int = 1, height: int = 8, width: int = 8, **more: Any) -> dict[str, Any]:
    count = batch * 4 * height * width
    samples = torch.arange(count, dtype=torch.float32).reshape(batch, 4, height, width)
    return {"samples": samples, **more}


def test_empty_latents_have_an_eighth_of_the_size() -> None:
    made = empty_latent_image(width=64, height=128, batch_size=2)
    assert made["samples"].shape == (2, 4, 16, 8)
    assert not made["samples"].any()


def test_upscaling_counts_in_pixels_and_keeps_the_ratio_for_zero() -> None:
    def scaled(width: int, height: int, crop: str = "disabled") -> tuple[int, ...]:
        result = latent_upscale(
            samples=latent(height=8, width=16),
            upscale_method="bislerp",
            width=width,
            height=height,
            crop=crop,
        )
        return tuple(result["samples"].shape[-2:])

    assert scaled(256, 64) == (8, 32)
    assert scaled(0, 128) == (16, 32)
    assert scaled(256, 0) == (16, 32)
    assert scaled(0, 0) == (8, 16)
    assert scaled(128, 128, "center") == (16, 16)


def test_upscaling_by_a_factor_rounds() -> None:
    result = latent_upscale_by(samples=latent(), upscale_method="nearest-exact", scale_by=1.3)
    assert result["samples"].shape[-2:] == (10, 10)


def test_a_noise_mask_is_only_remembered() -> None:
    original = latent(batch_index=[4])
    masked = set_latent_noise_mask(samples=original, mask=torch.ones(64, 64))
    assert masked["noise_mask"].shape == (1, 1, 64, 64)
    assert masked["batch_index"] == [4]
    assert "noise_mask" not in original


def test_repeated_latents_get_places_of_their_own() -> None:
    repeated = repeat_latent_batch(
        samples=latent(2, batch_index=[3, 5], noise_mask=torch.ones(2, 1, 8, 8)), amount=2
    )
    assert repeated["samples"].shape[0] == 4
    assert repeated["batch_index"] == [3, 5, 6, 8]
    assert repeated["noise_mask"].shape == (4, 1, 8, 8)


def test_picked_latents_remember_their_places() -> None:
    batch = latent(4)
    picked = latent_from_batch(samples=batch, batch_index=1, length=2)
    assert torch.equal(picked["samples"], batch["samples"][1:3])
    assert picked["batch_index"] == [1, 2]
    again = latent_from_batch(samples=picked, batch_index=9, length=5)
    assert again["batch_index"] == [2]


def test_joined_latents_take_the_first_size() -> None:
    joined = latent_batch(samples1=latent(1), samples2=latent(2, 4, 4, batch_index=[7, 8]))
    assert joined["samples"].shape == (3, 4, 8, 8)
    assert joined["batch_index"] == [0, 7, 8]


def test_seeds_of_a_batch_are_fixed_or_of_their_own() -> None:
    fixed = latent_batch_seed_behavior(samples=latent(3, batch_index=[2, 4, 6]))
    assert fixed["batch_index"] == [2, 2, 2]
    free = latent_batch_seed_behavior(samples=fixed, seed_behavior="random")
    assert "batch_index" not in free


def test_rebatching_never_mixes_sizes() -> None:
    batches = rebatch_latents(latents=[latent(3), latent(2, 4, 4)], batch_size=[2])
    assert [tuple(batch["samples"].shape) for batch in batches] == [
        (2, 4, 8, 8),
        (1, 4, 8, 8),
        (2, 4, 4, 4),
    ]
    assert [batch["batch_index"] for batch in batches] == [[0, 1], [2], [0, 1]]


def test_turning_four_times_and_flipping_twice_change_nothing() -> None:
    start = turned = latent()
    for _ in range(4):
        turned = latent_rotate(samples=turned, rotation="90 degrees")
    assert torch.equal(turned["samples"], start["samples"])
    quarter = latent_rotate(samples=start, rotation="90 degrees")["samples"]
    assert torch.equal(quarter[0, 0, 0], start["samples"][0, 0, :, 0].flip(0))
    flipped = latent_flip(samples=start, flip_method="x-axis: vertically")
    assert torch.equal(flipped["samples"][:, :, 0], start["samples"][:, :, -1])
    back = latent_flip(samples=flipped, flip_method="x-axis: vertically")
    assert torch.equal(back["samples"], start["samples"])


def test_crops_count_in_pixels_and_stay_inside() -> None:
    batch = latent(1, 16, 16)
    cut = latent_crop(samples=batch, width=64, height=64, x=16, y=8)
    assert torch.equal(cut["samples"], batch["samples"][:, :, 1:9, 2:10])
    edge = latent_crop(samples=batch, width=64, height=64, x=8000, y=8000)
    assert edge["samples"].shape[-2:] == (8, 8)


def test_pasting_is_clipped_and_feathered_inside_only() -> None:
    below = {"samples": torch.zeros(1, 4, 16, 16)}
    above = {"samples": torch.ones(1, 4, 8, 8)}
    hard = latent_composite(samples_to=below, samples_from=above, x=96, y=0)
    assert float(hard["samples"].sum()) == 4 * 8 * 4
    soft = latent_composite(samples_to=below, samples_from=above, x=32, y=0, feather=16)
    row = soft["samples"][0, 0, 0]
    assert row[3:13].tolist() == [0, 0.5, 1, 1, 1, 1, 1, 1, 0.5, 0]
    column = soft["samples"][0, 0, :, 8]
    assert column[:9].tolist() == [1, 1, 1, 1, 1, 1, 1, 0.5, 0]
    assert not below["samples"].any()


def test_latents_are_put_side_by_side_and_cut() -> None:
    one, other = latent(2), latent(1)
    joined = latent_concat(samples1=one, samples2=other, dim="-x")
    assert joined["samples"].shape == (2, 4, 8, 16)
    assert torch.equal(joined["samples"][..., 8:], one["samples"])

    def cut(index: int, amount: int) -> torch.Tensor:
        return latent_cut(samples=one, dim="y", index=index, amount=amount)["samples"]

    assert torch.equal(cut(2, 3), one["samples"][:, :, 2:5])
    assert torch.equal(cut(-2, 9), one["samples"][:, :, 6:])
    assert torch.equal(cut(99, 9), one["samples"][:, :, 7:])
    assert torch.equal(cut(-99, 1), one["samples"][:, :, :1])


def test_arithmetic_fits_the_second_to_the_first() -> None:
    one, other = latent(2), latent(1, 4, 4)
    assert latent_add(samples1=one, samples2=other)["samples"].shape == (2, 4, 8, 8)
    nothing = latent_subtract(samples1=one, samples2=one)["samples"]
    assert not nothing.any()
    doubled = latent_multiply(samples=one, multiplier=2.0)["samples"]
    assert torch.equal(doubled, one["samples"] * 2)
    blended = latent_blend(samples1=one, samples2=nothing_like(one), blend_factor=0.25)["samples"]
    assert torch.allclose(blended, one["samples"] * 0.25)


def nothing_like(one: dict[str, Any]) -> dict[str, Any]:
    return {"samples": torch.zeros_like(one["samples"])}


def test_interpolation_keeps_lengths_and_copes_with_nothing() -> None:
    one = {"samples": torch.randn(1, 4, 8, 8)}
    other = {"samples": one["samples"].flip(1)}
    mixed = latent_interpolate(samples1=one, samples2=other, ratio=0.3)["samples"]
    assert torch.allclose(mixed.norm(dim=1), one["samples"].norm(dim=1), atol=1e-4)
    empty = latent_interpolate(samples1=nothing_like(one), samples2=nothing_like(one))
    assert not empty["samples"].any()


def test_saved_latents_come_back(context: Context) -> None:
    original = latent()
    (saved,) = save_latent(samples=original, context=context).ui["latents"]
    assert saved == {"filename": "ComfyUI_00001_.latent", "subfolder": "latents", "type": "output"}
    name = f"latents/{saved['filename']} [output]"
    assert torch.equal(load_latent(latent=name, context=context)["samples"], original["samples"])


def test_a_file_that_holds_no_latent_is_refused(context: Context) -> None:
    context.folders.input.mkdir()
    (context.folders.input / "odd.latent").write_bytes(b"not a latent")
    with pytest.raises(FileProblemError, match=r"odd\.latent"):
        load_latent(latent="odd.latent", context=context)
