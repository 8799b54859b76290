"""Decoding for the browser: which formats, how large, and what never runs."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import InputError
from engine.http import pictures
from tests.engine.http.site import picture

EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 10 10
%%EndComments
0 0 10 10 rectfill
"""


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "gif", "bmp", "ppm", "tiff", "avif"])
def test_raster_formats_have_previews(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(picture((8, 8), (1, 2, 3), form))
    shown = pictures.preview(path, form="webp", quality=80, opaque=False)
    assert Image.open(io.BytesIO(shown)).size == (8, 8)


@pytest.mark.parametrize("size", [(3001, 999), (999, 3001), (2048, 2048), (70, 90), (3000, 1)])
def test_a_small_view_of_a_jpeg_file_shows_all_of_it(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.jpg"
    left = Image.new("RGB", size, (250, 0, 0))
    left.paste((0, 0, 250), (size[0] // 2, 0, *size))
    left.save(path, quality=95)
    shown = Image.open(
        io.BytesIO(pictures.preview(path, form="webp", quality=95, opaque=True, side=100))
    )
    expected = left.copy()
    expected.thumbnail((100, 100))
    assert shown.size == expected.size
    middle = shown.height // 2
    for x, colour in ((shown.width // 4, (250, 0, 0)), (3 * shown.width // 4, (0, 0, 250))):
        told = shown.convert("RGB").getpixel((x, middle))
        assert isinstance(told, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(told, colour, strict=True))


def test_postscript_is_never_handed_to_an_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    interpreter = tmp_path / "bin" / "gs"
    interpreter.parent.mkdir()
    interpreter.write_text(f"#!/bin/sh\ntouch {ran}\n")
    interpreter.chmod(0o755)
    monkeypatch.setenv("PATH", f"{interpreter.parent}:{os.environ['PATH']}")
    path = tmp_path / "innocent.png"
    path.write_bytes(EPS)
    with pytest.raises(InputError, match="cannot be read as a picture"):
        pictures.preview(path, form="webp", quality=80, opaque=False)
    assert not ran.exists()
    with contextlib.suppress(OSError), Image.open(path) as picture_of_any_format:
        picture_of_any_format.load()
    assert ran.exists()  # so the file above was dangerous indeed


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("L", 7), ("LA", (7, 9)), ("P", 3), ("1", 1), ("I;16", 900), ("CMYK", (1, 2, 3, 4))],
)
def test_every_mode_can_be_shown(tmp_path: Path, mode: str, colour: object) -> None:
    path = tmp_path / "a.tiff"
    Image.new(mode, (4, 4), colour).save(path)
    for draw in (pictures.only_alpha, pictures.without_alpha):
        assert Image.open(io.BytesIO(draw(path))).size == (4, 4)
    pictures.preview(path, form="jpeg", quality=80, opaque=False)
    pictures.preview(path, form="webp", quality=80, opaque=False)


def test_a_picture_too_long_for_webp_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture((20_000, 2), (1, 2, 3)))
    shown = pictures.preview(path, form="webp", quality=80, opaque=True)
    assert Image.open(io.BytesIO(shown)).width == 16_383


def test_files_that_are_no_pictures_pass_the_check_of_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"anything")
    pictures.check_pixels(path, "a.bin")


def test_a_picture_just_above_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 48)
    path = tmp_path / "a.png"
    path.write_bytes(picture((8, 6)))
    pictures.check_pixels(path, "a.png")
    path.write_bytes(picture((7, 7)))
    with pytest.raises(InputError, match="too many pixels"):
        pictures.check_pixels(path, "a.png")


def test_a_damaged_text_in_a_picture_is_an_error_in_words(tmp_path: Path) -> None:
    origin, mask = tmp_path / "a.png", tmp_path / "b.png"
    content = bytearray(picture((4, 4)))
    place = content.index(b"IDAT") - 4
    text = b"\xff\xff\xff\xf0zTXtbroken"
    origin.write_bytes(content[:place] + text + content[place:])
    mask.write_bytes(picture((4, 4)))
    with pytest.raises(InputError):
        pictures.with_alpha_of(origin, mask)


def test_the_decoder_is_loaded_only_when_a_picture_is_decoded() -> None:
    import subprocess

    code = "import engine.http.app, sys; print('PIL' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
