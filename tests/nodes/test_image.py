from __future__ import annotations

import errno
import json
import os
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from PIL import Image

from engine import Engine, FileProblemError, Flow, PathEscapeError
from nodes import file_names
from nodes.file_names import place, save_next
from nodes.image import (
    image_invert,
    image_scale,
    image_scale_by,
    image_scale_to_total_pixels,
    load_image,
    load_image_mask,
    load_image_output,
    preview_image,
    save_image,
    save_image_websocket,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context
    from engine.run.events import Progress


def keep(context: Context, picture: Image.Image, name: str, **options: Any) -> str:
    context.folders.input.mkdir(exist_ok=True)
    picture.save(context.folders.input / name, **options)
    return name


def saved(context: Context, images: torch.Tensor, prefix: str = "cat") -> list[Path]:
    shown = save_image(images=images, filename_prefix=prefix, context=context).ui["images"]
    return [context.folders.output / one["subfolder"] / one["filename"] for one in shown]


def test_colours_come_as_fractions(context: Context) -> None:
    name = keep(context, Image.new("RGB", (3, 2), (255, 51, 0)), "red.png")
    loaded = load_image(image=name, context=context)
    assert loaded.image.shape == (1, 2, 3, 3)
    assert loaded.image[0, 0, 0].tolist() == pytest.approx([1.0, 0.2, 0.0])
    assert loaded.mask.shape == (1, 64, 64)
    assert not loaded.mask.any()


def test_transparency_becomes_the_mask(context: Context) -> None:
    name = keep(context, Image.new("RGBA", (3, 2), (10, 20, 30, 51)), "glass.png")
    loaded = load_image(image=name, context=context)
    assert loaded.image.shape == (1, 2, 3, 3)
    assert torch.allclose(loaded.mask, torch.full((1, 2, 3), 0.8))


def test_transparent_palette_becomes_the_mask(context: Context) -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    loaded = load_image(image=keep(context, picture, "p.png", transparency=1), context=context)
    assert loaded.image[0, 0].tolist() == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert loaded.mask[0, 0].tolist() == [0.0, 1.0]


def test_pictures_of_turned_cameras_stand_upright(context: Context) -> None:
    picture = Image.new("RGB", (4, 2))
    exif = picture.getexif()
    exif[0x0112] = 6
    loaded = load_image(image=keep(context, picture, "turned.jpg", exif=exif), context=context)
    assert loaded.image.shape == (1, 4, 2, 3)


def test_sixteen_bits_keep_their_depth(context: Context) -> None:
    values = np.array([[0, 257, 65535]], dtype=np.uint16)
    loaded = load_image(image=keep(context, Image.fromarray(values), "deep.png"), context=context)
    assert loaded.image[0, 0, :, 0].tolist() == pytest.approx([0.0, 1 / 255, 1.0])


def test_frames_of_an_animation_are_a_batch(context: Context) -> None:
    frames = [Image.new("RGB", (4, 4), (shade, 0, 0)) for shade in (0, 100, 200)]
    name = keep(context, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    assert load_image(image=name, context=context).image.shape == (3, 4, 4, 3)


@pytest.mark.parametrize(
    ("channel", "value"), [("alpha", 0.8), ("red", 0.0), ("green", 1.0), ("blue", 0.4)]
)
def test_one_channel_becomes_a_mask(context: Context, channel: str, value: float) -> None:
    name = keep(context, Image.new("RGBA", (3, 2), (0, 255, 102, 51)), "c.png")
    mask = load_image_mask(image=name, channel=channel, context=context)
    assert torch.allclose(mask, torch.full((1, 2, 3), value))


def test_alpha_of_an_opaque_picture_is_an_empty_mask(context: Context) -> None:
    name = keep(context, Image.new("L", (3, 2), 255), "grey.png")
    mask = load_image_mask(image=name, channel="alpha", context=context)
    assert mask.shape == (1, 64, 64)
    assert not mask.any()
    assert load_image_mask(image=name, channel="red", context=context).min() == 1.0


def test_a_missing_picture_names_the_nearest(context: Context) -> None:
    keep(context, Image.new("RGB", (1, 1)), "kitten.png")
    with pytest.raises(FileProblemError) as raised:
        load_image(image="kiten.png", context=context)
    assert raised.value.problem.nearest == "kitten.png"
    assert raised.value.problem.input == "image"


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a/../../secret.png"])
def test_pictures_outside_the_folder_are_refused(context: Context, name: str) -> None:
    Image.new("RGB", (1, 1)).save(context.folders.base / "secret.png")
    context.folders.input.mkdir()
    with pytest.raises(PathEscapeError):
        load_image(image=name, context=context)


def test_links_that_lead_outside_are_refused(context: Context) -> None:
    Image.new("RGB", (1, 1)).save(context.folders.base / "secret.png")
    context.folders.input.mkdir()
    (context.folders.input / "link.png").symlink_to(context.folders.base / "secret.png")
    with pytest.raises(PathEscapeError):
        load_image(image="link.png", context=context)


def test_a_truncated_picture_is_refused_by_name(context: Context) -> None:
    name = keep(context, Image.effect_noise((64, 64), 90), "noise.png")
    path = context.folders.input / name
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FileProblemError, match=r"noise\.png"):
        load_image(image=name, context=context)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_picture_is_refused(context: Context, content: bytes) -> None:
    context.folders.input.mkdir()
    (context.folders.input / "odd.png").write_bytes(content)
    with pytest.raises(FileProblemError, match=r"odd\.png"):
        load_image(image="odd.png", context=context)


@pytest.mark.parametrize("side", [10_000, 13_000, 60_000])
def test_a_picture_bomb_is_refused_before_it_is_decoded(context: Context, side: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    context.folders.input.mkdir()
    (context.folders.input / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)
    with pytest.raises(FileProblemError, match="too large"):
        load_image(image="bomb.png", context=context)


def test_an_animation_bomb_is_refused(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodes.picture_read.MOST_PIXELS", 40)
    frames = [Image.new("RGB", (4, 4), (shade, 0, 0)) for shade in (0, 100, 200)]
    name = keep(context, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(FileProblemError, match="too large"):
        load_image(image=name, context=context)


def test_saved_pictures_carry_graph_and_canvas(context: Context) -> None:
    (path,) = saved(context, torch.rand(1, 4, 4, 3))
    content = path.read_bytes()
    with Image.open(path) as picture:
        picture.load()
        texts = picture.info
    assert json.loads(texts["prompt"])["7"]["inputs"] == {"filename_prefix": "Ünïcode"}
    assert json.loads(texts["workflow"])["extra"] == {"name": "Käse"}
    assert content.count(b"tEXt") == 2
    assert texts["prompt"].isascii()
    assert texts["workflow"].isascii()


def test_values_are_cut_and_truncated_to_bytes(context: Context) -> None:
    values = torch.tensor([-1.0, 0.5, 0.9999, 2.0]).reshape(1, 1, 4, 1).expand(1, 1, 4, 3)
    (path,) = saved(context, values)
    with Image.open(path) as picture:
        assert np.asarray(picture)[0, :, 0].tolist() == [0, 127, 254, 255]


def test_alpha_survives_saving_and_loading(context: Context) -> None:
    image = torch.zeros(1, 2, 2, 4)
    image[..., 3] = 0.2
    (path,) = saved(context, image)
    loaded = load_image_output(image=path.name, context=context)
    assert torch.allclose(loaded.mask, torch.full((1, 2, 2), 0.8))


def test_names_count_on_from_what_is_there(context: Context) -> None:
    names = [path.name for path in saved(context, torch.zeros(2, 2, 2, 3))]
    assert names == ["cat_00001_.png", "cat_00002_.png"]
    (context.folders.output / "cat_00041_.png").touch()
    (context.folders.output / "cat_xyz_.png").touch()
    (context.folders.output / "catalogue_00099_.png").touch()
    assert saved(context, torch.zeros(1, 2, 2, 3))[0].name == "cat_00042_.png"


def test_prefixes_make_folders_and_fill_tokens(context: Context) -> None:
    paths = saved(context, torch.zeros(2, 3, 5, 3), "pets/%width%x%height%_%batch_num%_%year%")
    year = paths[0].name.split("_")[2]
    assert year.isdigit()
    assert [path.relative_to(context.folders.output).as_posix() for path in paths] == [
        f"pets/5x3_0_{year}_00001_.png",
        f"pets/5x3_1_{year}_00001_.png",
    ]


def test_a_prefix_that_names_a_folder_still_gets_a_file(context: Context) -> None:
    (path,) = saved(context, torch.zeros(1, 2, 2, 3), "pets/")
    assert path.parent == context.folders.output / "pets"
    assert path.is_file()


@pytest.mark.parametrize("prefix", ["../cat", "/tmp/cat", "a/../../cat", "C:\\cat", "~/cat"])
def test_prefixes_that_lead_outside_are_refused(context: Context, prefix: str) -> None:
    with pytest.raises(PathEscapeError):
        saved(context, torch.zeros(1, 2, 2, 3), prefix)
    assert not list(context.folders.base.rglob("*.png"))


def test_previews_go_to_the_folder_for_temporary_files(context: Context) -> None:
    (shown,) = preview_image(images=torch.zeros(1, 2, 2, 3), context=context).ui["images"]
    assert shown["type"] == "temp"
    assert shown["filename"].startswith("ComfyUI_temp_")
    assert shown["filename"].endswith("_00001_.png")
    assert (context.folders.temp / shown["filename"]).is_file()


def test_a_full_disk_leaves_nothing_half_written(context: Context) -> None:
    where = place(context.folders.output, "cat")

    def write(file: Any) -> None:
        file.write(b"half of a picture")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FileProblemError, match="cannot write") as raised:
        save_next(where, ".png", write)
    assert "space" in str(raised.value.problem.hint)
    assert not list(context.folders.output.iterdir())


def test_a_folder_that_cannot_be_made_is_a_clear_error(context: Context) -> None:
    context.folders.output.write_text("a file in the way")
    with pytest.raises(FileProblemError, match="cannot write"):
        place(context.folders.output, "pets/cat")


def test_others_who_save_at_the_same_time_lose_nothing(context: Context) -> None:
    where = place(context.folders.output, "cat")

    def write(file: Any) -> None:
        file.write(b"ours")
        (where.folder / "cat_00001_.png").write_bytes(b"theirs")

    assert save_next(where, ".png", write) == "cat_00002_.png"
    assert (where.folder / "cat_00001_.png").read_bytes() == b"theirs"


def test_file_systems_without_links_work_too(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(file_names.os, "link", refuse)
    (path,) = saved(context, torch.zeros(1, 2, 2, 3))
    assert [entry.name for entry in path.parent.iterdir()] == ["cat_00001_.png"]


def test_scaling_keeps_the_aspect_ratio_where_a_side_is_zero() -> None:
    image = torch.rand(1, 10, 20, 3)

    def scale(width: int, height: int) -> tuple[int, ...]:
        result = image_scale(
            image=image, upscale_method="bilinear", width=width, height=height, crop="disabled"
        )
        return tuple(result.shape[1:3])

    assert scale(40, 0) == (20, 40)
    assert scale(0, 5) == (5, 10)
    assert scale(0, 0) == (10, 20)
    assert scale(7, 9) == (9, 7)


def test_scaling_by_a_factor_and_to_a_size() -> None:
    image = torch.rand(1, 10, 20, 3)
    doubled = image_scale_by(image=image, upscale_method="lanczos", scale_by=2.0)
    assert doubled.shape == (1, 20, 40, 3)
    sized = image_scale_to_total_pixels(image=image, upscale_method="area", megapixels=0.01)
    assert sized.shape == (1, 72, 145, 3)


def test_inverting_twice_changes_nothing() -> None:
    image = torch.rand(1, 2, 2, 3)
    assert torch.allclose(image_invert(image=image_invert(image=image)), image)


def test_numbers_go_on_in_the_next_run(make_context: Callable[..., Context]) -> None:
    first, second = make_context(), make_context()
    assert saved(first, torch.zeros(1, 2, 2, 3))[0].name == "cat_00001_.png"
    assert saved(second, torch.zeros(1, 2, 2, 3))[0].name == "cat_00002_.png"


def test_pictures_for_the_client_are_sent_as_they_are_and_kept_nowhere(
    make_context: Callable[..., Context], tmp_path: Path
) -> None:
    told: list[Progress] = []
    images = torch.rand(2, 3, 5, 3)
    shown = save_image_websocket(images=images, context=make_context(listener=told.append))
    assert [(one.step, one.total, one.exact) for one in told] == [(1, 2, True), (2, 2, True)]
    assert [one.preview.size for one in told] == [(5, 3), (5, 3)]
    assert shown.ui == {}
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_pictures_are_sent_to_the_client_each_time(tmp_path: Path) -> None:
    flow = Flow()
    picture = flow.EmptyImage(width=8, height=8, batch_size=1, color=255)
    sent = flow.SaveImageWebsocket(images=picture[0])
    with Engine(base=tmp_path) as loom:
        runs = [loom.run(loom.workflow(flow.graph())) for _ in range(2)]
    assert [sent.id in run.executed for run in runs] == [True, True]
