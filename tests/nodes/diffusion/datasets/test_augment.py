from __future__ import annotations

import torch

from nodes.diffusion.datasets.augment import Version, compose, draw_version
from nodes.diffusion.datasets.colours import COLOURS, nearest_colour
from nodes.diffusion.datasets.plans import AugmentPlan
from nodes.diffusion.datasets.random import numbers

FULL = AugmentPlan(scale=0.8, translate=0.05, flip=0.5, colours=0.5, jitter=0.02)


def picture(size: int = 16) -> torch.Tensor:
    """Return a red left half on a transparent ground."""
    pixels = torch.zeros(1, 4, size, size, dtype=torch.uint8)
    pixels[:, 0, :, : size // 2] = 255
    pixels[:, 3, :, : size // 2] = 255
    return pixels


def test_an_empty_plan_leaves_the_picture_on_white() -> None:
    assert draw_version(AugmentPlan(), numbers("v", 0)) == Version()
    made = compose(picture(), [Version()])
    assert made.shape == (1, 3, 16, 16)
    assert torch.equal(made[0, :, 0, 0], torch.tensor([1.0, 0.0, 0.0]))
    assert torch.equal(made[0, :, 0, -1], torch.ones(3))


def test_the_stored_picture_is_not_changed() -> None:
    stored = picture()
    compose(stored, [Version(scale=0.8, rgb=(0.0, 0.0, 1.0))])
    assert torch.equal(stored, picture())


def test_the_colour_shows_through_transparency_alone() -> None:
    made = compose(picture(), [Version(colour="blue", rgb=(0.0, 0.0, 1.0))])
    assert torch.equal(made[0, :, 0, 0], torch.tensor([1.0, 0.0, 0.0]))
    assert torch.equal(made[0, :, 0, -1], torch.tensor([0.0, 0.0, 1.0]))


def test_half_transparent_pixels_mix_with_the_colour() -> None:
    pixels = picture()
    pixels[:, 3] = 51
    made = compose(pixels, [Version(rgb=(0.0, 0.0, 1.0))])
    torch.testing.assert_close(made[0, :, 0, 0], torch.tensor([0.2, 0.0, 0.8]))


def test_a_mirror_image_is_exact() -> None:
    made = compose(picture(), [Version(mirror=True)])
    torch.testing.assert_close(made, compose(picture(), [Version()]).flip(-1), atol=1e-5, rtol=0)


def test_a_shift_moves_to_the_right_and_down() -> None:
    dot = torch.zeros(1, 4, 16, 16, dtype=torch.uint8)
    dot[0, :, 4, 4] = 255
    dot[0, :3] = 0
    made = compose(dot, [Version(x=4 / 16, y=8 / 16)])
    row, column = divmod(int(made[0, 0].argmin()), 16)
    assert (row, column) == (8, 6)


def test_scaling_shrinks_towards_the_centre() -> None:
    pixels = torch.full((1, 4, 16, 16), 255, dtype=torch.uint8)
    pixels[:, :3] = 0
    dark = (compose(pixels, [Version(scale=0.5)])[0, 0] < 0.5).sum()
    assert int(dark) == 64


def test_versions_are_independent_of_what_else_is_in_the_batch() -> None:
    versions = [draw_version(FULL, numbers("v", i)) for i in range(6)]
    together = compose(picture().repeat(6, 1, 1, 1), versions)
    for i, version in enumerate(versions):
        alone = compose(picture(), [version])
        torch.testing.assert_close(together[i : i + 1], alone, atol=1e-6, rtol=0)


def test_a_record_that_must_not_be_mirrored_is_not() -> None:
    plan = AugmentPlan(flip=1.0)
    assert draw_version(plan, numbers("v", 0)).mirror
    assert not draw_version(plan, numbers("v", 0), mirror=False).mirror


def test_coloured_grounds_come_as_often_as_asked_and_keep_their_names() -> None:
    versions = [draw_version(FULL, numbers("v", i)) for i in range(4_000)]
    coloured = [version for version in versions if version.colour != "white"]
    assert abs(len(coloured) - 2_000) < 4 * 1_000**0.5
    assert {version.colour for version in coloured} == set(COLOURS) - {"white"}
    for version in coloured:
        assert nearest_colour([255 * channel for channel in version.rgb]) == version.colour
    assert all(v.rgb == (1.0, 1.0, 1.0) for v in versions if v.colour == "white")


def test_shrunk_pictures_leave_the_frame_by_no_more_than_asked() -> None:
    versions = [draw_version(FULL, numbers("v", i)) for i in range(500)]
    assert all(0.8 <= v.scale <= 1 for v in versions)
    assert all(abs(v.x) + v.scale <= 1 + 2 * 0.05 + 1e-9 for v in versions)
