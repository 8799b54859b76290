from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from engine import InputError
from nodes.composite import (
    image_composite_masked,
    join_image_with_alpha,
    latent_composite_masked,
    split_image_with_alpha,
)
from nodes.image_batch import (
    image_batch,
    image_from_batch,
    rebatch_images,
    repeat_image_batch,
)
from nodes.image_transform import (
    empty_image,
    get_image_size,
    image_crop,
    image_flip,
    image_pad_for_outpaint,
    image_rotate,
    image_scale_to_max_dimension,
    image_stitch,
)
from nodes.mask import (
    crop_mask,
    feather_mask,
    grow_mask,
    image_color_to_mask,
    image_to_mask,
    invert_mask,
    mask_composite,
    mask_preview,
    mask_to_image,
    solid_mask,
    threshold_mask,
)

if TYPE_CHECKING:
    from engine import Context


def dot(size: int = 5) -> torch.Tensor:
    mask = torch.zeros(1, size, size)
    mask[0, size // 2, size // 2] = 1
    return mask


def test_solid_masks_invert() -> None:
    mask = solid_mask(value=0.25, width=4, height=3)
    assert mask.shape == (1, 3, 4)
    assert torch.allclose(invert_mask(mask=mask), torch.tensor(0.75))


def test_growing_makes_diamonds_or_squares_and_shrinking_undoes_it() -> None:
    assert float(grow_mask(mask=dot(), expand=1).sum()) == 5
    assert float(grow_mask(mask=dot(), expand=2).sum()) == 13
    square = grow_mask(mask=dot(), expand=1, tapered_corners=False)
    assert float(square.sum()) == 9
    assert torch.equal(grow_mask(mask=square, expand=-1, tapered_corners=False), dot())
    assert torch.equal(grow_mask(mask=dot(), expand=0), dot())


def test_shrinking_does_not_eat_from_the_border() -> None:
    assert torch.equal(grow_mask(mask=torch.ones(1, 4, 4), expand=-1), torch.ones(1, 4, 4))


def test_feathering_fades_towards_the_edges() -> None:
    mask = feather_mask(mask=torch.ones(1, 1, 6), left=2, right=4)
    assert mask[0, 0].tolist() == pytest.approx([0.5, 1.0, 1.0, 0.75, 0.5, 0.25])


def test_cropping_and_thresholds() -> None:
    assert crop_mask(mask=dot(), x=2, y=2, width=2, height=9).shape == (1, 3, 2)
    levels = torch.tensor([[[0.4, 0.5, 0.6]]])
    assert threshold_mask(mask=levels, value=0.5)[0, 0].tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("multiply", [0.0, 0.0, 0.0, 1.0]),
        ("add", [0.0, 1.0, 1.0, 1.0]),
        ("subtract", [0.0, 0.0, 1.0, 0.0]),
        ("and", [0.0, 0.0, 0.0, 1.0]),
        ("or", [0.0, 1.0, 1.0, 1.0]),
        ("xor", [0.0, 1.0, 1.0, 0.0]),
    ],
)
def test_masks_combine(operation: str, expected: list[float]) -> None:
    below = torch.tensor([[[0.0, 0.0, 1.0, 1.0]]])
    above = torch.tensor([[[0.0, 1.0, 0.0, 1.0]]])
    result = mask_composite(destination=below, source=above, operation=operation)
    assert result[0, 0].tolist() == expected
    assert below[0, 0].tolist() == [0.0, 0.0, 1.0, 1.0]


def test_masks_combine_only_where_they_overlap() -> None:
    result = mask_composite(
        destination=torch.zeros(1, 3, 3), source=torch.ones(1, 3, 3), x=2, y=1, operation="or"
    )
    assert float(result.sum()) == 2


def test_masks_and_pictures_become_each_other() -> None:
    image = mask_to_image(mask=dot())
    assert image.shape == (1, 5, 5, 3)
    assert torch.equal(image_to_mask(image=image, channel="green"), dot())
    with pytest.raises(InputError, match="channel"):
        image_to_mask(image=image, channel="alpha")


def test_one_colour_is_selected() -> None:
    image = empty_image(width=2, height=2, color=0x10FF80)
    image[0, 0, 0] = 0
    assert image_color_to_mask(image=image, color=0x10FF80)[0].tolist() == [[0, 1], [1, 1]]


def test_a_mask_is_shown(context: Context) -> None:
    (shown,) = mask_preview(mask=dot(), context=context).ui["images"]
    assert (context.folders.temp / shown["filename"]).is_file()


def test_batches_of_pictures_join_repeat_and_split() -> None:
    first, second = torch.zeros(1, 4, 4, 3), torch.ones(2, 8, 8, 4)
    joined = image_batch(image1=first, image2=second)
    assert joined.shape == (3, 4, 4, 4)
    assert bool((joined[0, ..., 3] == 1).all())
    assert repeat_image_batch(image=second, amount=3).shape[0] == 6
    assert image_from_batch(image=joined, batch_index=1, length=9).shape[0] == 2
    assert image_from_batch(image=joined, batch_index=9).shape[0] == 1
    batches = rebatch_images(images=[first, second, second], batch_size=[3])
    assert [len(batch) for batch in batches] == [1, 3, 1]
    assert get_image_size(image=second) == (8, 8, 2)


def test_pictures_are_cut_turned_and_flipped() -> None:
    image = torch.rand(1, 3, 4, 3)
    assert image_crop(image=image, width=2, height=9, x=3, y=1).shape == (1, 2, 1, 3)
    assert image_rotate(image=image, rotation="90 degrees").shape == (1, 4, 3, 3)
    turned = image_rotate(image=image, rotation="90 degrees")
    assert torch.equal(turned[0, 0, -1], image[0, 0, 0])
    flipped = image_flip(image=image, flip_method="y-axis: horizontally")
    assert torch.equal(flipped[:, :, 0], image[:, :, -1])
    largest = image_scale_to_max_dimension(image=image, upscale_method="area", largest_size=8)
    assert largest.shape == (1, 6, 8, 3)


def test_padding_selects_what_is_new_and_fades_into_the_old() -> None:
    image = torch.ones(1, 16, 16, 3)
    padded = image_pad_for_outpaint(image=image, left=8, bottom=8, feathering=4)
    assert padded.image.shape == (1, 24, 24, 3)
    assert padded.image[0, 0, 0].tolist() == [0.5, 0.5, 0.5]
    assert bool((padded.mask[0, :, :8] == 1).all())
    row = padded.mask[0, 0, 8:]
    assert row[:5].tolist() == pytest.approx([1.0, 0.5625, 0.25, 0.0625, 0.0])
    assert bool((row[5:] == 0).all())
    column = padded.mask[0, :16, -1]
    assert column[-4:].tolist() == pytest.approx([0.0, 0.0625, 0.25, 0.5625])


@pytest.mark.parametrize("direction", ["right", "down", "left", "up"])
def test_pictures_are_put_side_by_side(direction: str) -> None:
    red, blue = empty_image(width=4, height=2, color=0xFF0000), empty_image(width=8, height=8)
    matched = image_stitch(image1=red, image2=blue, direction=direction, spacing_width=2)
    across = direction in {"right", "left"}
    assert matched.shape == ((1, 2, 8, 3) if across else (1, 8, 4, 3))
    free = image_stitch(image1=red, image2=blue, direction=direction, match_image_size=False)
    assert free.shape == ((1, 8, 12, 3) if across else (1, 10, 8, 3))
    first = direction in {"right", "down"}
    assert matched[0, 0, 0].tolist() == ([1.0, 0.0, 0.0] if first else [0.0, 0.0, 0.0])
    assert torch.equal(image_stitch(image1=red), red)


def test_pasting_pictures_respects_mask_and_borders() -> None:
    below, above = torch.zeros(2, 8, 8, 3), torch.ones(1, 4, 4, 3)
    pasted = image_composite_masked(destination=below, source=above, x=6, y=6)
    assert float(pasted.sum()) == 2 * 2 * 2 * 3
    half = image_composite_masked(destination=below, source=above, mask=torch.full((2, 2), 0.5))
    assert float(half.sum()) == pytest.approx(2 * 16 * 3 * 0.5)
    whole = image_composite_masked(destination=below, source=above, resize_source=True)
    assert bool((whole == 1).all())
    outside = image_composite_masked(destination=below, source=above, x=100, y=100)
    assert not outside.any()
    assert not below.any()


def test_pasting_latents_counts_in_pixels() -> None:
    below = {"samples": torch.zeros(1, 4, 8, 8), "batch_index": [1]}
    above = {"samples": torch.ones(1, 4, 4, 4)}
    pasted = latent_composite_masked(destination=below, source=above, x=32, y=16)
    assert bool((pasted["samples"][:, :, 2:6, 4:] == 1).all())
    assert float(pasted["samples"].sum()) == 4 * 16
    assert pasted["batch_index"] == [1]


def test_alpha_is_taken_off_and_put_on() -> None:
    image = torch.rand(1, 4, 4, 3)
    joined = join_image_with_alpha(image=image, alpha=torch.full((1, 2, 2), 0.25))
    assert torch.allclose(joined[..., 3], torch.tensor(0.75))
    colours, mask = split_image_with_alpha(image=joined)
    assert torch.equal(colours, image)
    assert torch.allclose(mask, torch.tensor(0.25))
    assert not split_image_with_alpha(image=image).mask.any()
