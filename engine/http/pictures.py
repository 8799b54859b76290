"""Pictures for the browser: previews, single channels, and masks laid into originals."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from typing import IO

    from PIL.Image import Image

MOST_PIXELS = 89_478_485
"""Pixels of a picture that is decoded; more are taken for a bomb."""
PreviewFormat = Literal["webp", "jpeg"]
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "PPM", "TIFF", "AVIF")
"""What is decoded, found by content; of the others some run programs (EPS) or are rarely tested."""
_WEBP_SIDE = 16_383
_MASK_COMPRESSION = 4
_FAST = 1
"""Effort of PNG (0 to 9) and WebP (0 to 6) for what is drawn anew at each look."""


def preview(
    file: Path | IO[bytes],
    *,
    form: PreviewFormat,
    quality: int,
    opaque: bool,
    side: int | None = None,
) -> bytes:
    """Return a picture's first frame in a small format.

    Args:
        file: Any picture.
        form: Of the answer; JPEG is opaque always.
        quality: 1 to 100.
        opaque: Transparency is dropped.
        side: Longer side of the answer in pixels at most; smaller pictures keep their size.

    Raises:
        InputError: It is no whole picture, or too large.
    """
    with opened(file, "the file", side) as picture:
        if form == "webp" and max(picture.size) > _WEBP_SIDE:
            picture.thumbnail((_WEBP_SIDE, _WEBP_SIDE))
        drawn = picture.convert("RGB" if opaque or form == "jpeg" else "RGBA")
        if side is not None:
            drawn.thumbnail((side, side))
        # WebP spends its effort on bytes, and this travels no farther than to the browser.
        return _encoded(drawn, form, quality=quality, method=_FAST)


def without_alpha(path: Path) -> bytes:
    """Return a picture as PNG without transparency.

    Raises:
        InputError: It is no whole picture, or too large.
    """
    with opened(path, "the file") as picture:
        return _encoded(picture.convert("RGBA").convert("RGB"), "png", compress_level=_FAST)


def only_alpha(path: Path) -> bytes:
    """Return a black PNG that is as transparent as a picture; opaque where that has no alpha.

    Raises:
        InputError: It is no whole picture, or too large.
    """
    from PIL import Image

    with opened(path, "the file") as picture:
        drawn = Image.new("RGBA", picture.size)
        drawn.putalpha(picture.convert("RGBA").getchannel("A"))
        return _encoded(drawn, "png", compress_level=_FAST)


def with_alpha_of(original: Path, mask: Path) -> bytes:
    """Return a picture as PNG with the transparency of another; its texts are kept.

    Raises:
        InputError: One is no whole picture or too large, or their sizes differ.
    """
    from PIL.PngImagePlugin import PngInfo

    with opened(original, "the picture") as below, opened(mask, "the mask") as above:
        if below.size != above.size:
            raise InputError(
                "the mask has another size than the picture",
                expected=f"{below.width} x {below.height} pixels",
                got=f"{above.width} x {above.height} pixels",
            )
        texts = PngInfo()
        for key, text in _texts(below).items():
            texts.add_text(key, text)
        drawn = below.convert("RGBA")
        drawn.putalpha(above.convert("RGBA").getchannel("A"))
        return _encoded(drawn, "png", pnginfo=texts, compress_level=_MASK_COMPRESSION)


def check_pixels(file: Path | IO[bytes], name: str) -> None:
    """Make sure that a file is no picture that unpacks into too much; others pass.

    Raises:
        InputError: It is one.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file, formats=FORMATS) as picture:
            _check_size(picture, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name, str(error)) from error
    except InputError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return


@contextmanager
def opened(file: Path | IO[bytes], name: str, side: int | None = None) -> Generator[Image]:
    """Open a picture and decode it; what breaks in the block for its sake is an `InputError`.

    Args:
        file: The picture.
        name: What to call it in messages.
        side: Pixels of the longer side that are enough; a JPEG file is decoded to fewer than it
            has where that leaves twice as many, which costs a fraction of the time.

    Raises:
        InputError: It is no whole picture, or too large.
    """
    from PIL import Image

    try:
        with Image.open(file, formats=FORMATS) as picture:
            _check_size(picture, name)
            if side is not None:
                ratio = 2 * side / max(picture.size)
                width, height = (int(length * ratio) or 1 for length in picture.size)
                picture.draft(None, (width, height))
            picture.load()
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name, str(error)) from error
    except InputError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(
            f"{name} cannot be read as a picture",
            expected="a whole PNG, JPEG, WebP, GIF, BMP, PPM, TIFF or AVIF file",
        ) from error


def _texts(picture: Image) -> dict[str, str]:
    from PIL.PngImagePlugin import PngImageFile

    return dict(picture.text) if isinstance(picture, PngImageFile) else {}


def _check_size(picture: Image, name: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large(name, f"{picture.width} x {picture.height}")


def _too_large(name: str, got: str) -> InputError:
    return InputError(f"{name} has too many pixels", expected=f"at most {MOST_PIXELS}", got=got)


def _encoded(picture: Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, format=form, **options)
    return file.getvalue()
