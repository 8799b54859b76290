from __future__ import annotations

import io

import pytest
from PIL import Image

from engine.jobs.pictures import exact_file, preview_file


@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [((16, 8), 512, (512, 256)), ((2000, 10), 100, (100, 1)), ((30, 60), None, (30, 60))],
)
def test_the_longer_side_fits_the_box(
    size: tuple[int, int], box: int | None, expected: tuple[int, int]
) -> None:
    form, content = preview_file(Image.new("RGB", size), box)
    with Image.open(io.BytesIO(content)) as opened:
        assert (form, opened.format, opened.size) == ("jpeg", "JPEG", expected)


@pytest.mark.parametrize(
    ("mode", "form"), [("L", "jpeg"), ("F", "jpeg"), ("RGBA", "png"), ("LA", "png")]
)
def test_transparency_makes_it_a_png(mode: str, form: str) -> None:
    assert preview_file(Image.new(mode, (4, 4)), 8)[0] == form


def test_exact_pictures_are_kept_pixel_for_pixel() -> None:
    picture = Image.effect_noise((9, 5), 50)
    form, content = exact_file(picture)
    with Image.open(io.BytesIO(content)) as opened:
        assert form == "png"
        assert opened.tobytes() == picture.tobytes()
