from __future__ import annotations

import torch

from nodes.diffusion.datasets.contact_sheet import contact_sheet


def test_pictures_lie_in_rows_above_their_captions() -> None:
    pictures = [(torch.full((3, 64, 64), i / 10), f"picture {i}") for i in range(5)]
    sheet = contact_sheet(pictures, 3)
    width, height = 2 * 64 + 8, 2 * 64 + 8 + 3 * 11
    assert sheet.shape == (1, 2 * height, 3 * width, 3)
    for i in range(5):
        row, column = divmod(i, 3)
        pixel = sheet[0, row * height + 60, column * width + 60]
        torch.testing.assert_close(pixel, torch.full((3,), i / 10), atol=0.01, rtol=0)
    assert float(sheet[0, 136:165, :width].min()) < 0.5


def test_fewer_pictures_than_columns_make_a_narrow_sheet() -> None:
    assert contact_sheet([(torch.zeros(3, 128, 128), "")], 8).shape[2] == 136


def test_pictures_of_several_sizes_find_room() -> None:
    mixed = [(torch.zeros(3, 96, 120), "wide"), (torch.zeros(3, 120, 96), "high")]
    assert contact_sheet(mixed, 2).shape == (1, 120 + 8 + 33, 2 * 128, 3)
