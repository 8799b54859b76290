from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import WorkflowFormatError
from engine.graph.workflow_file import load_workflow
from nodes.animation import save_animated_png, save_animated_webp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context

FRAMES = torch.linspace(0, 1, 3).reshape(3, 1, 1, 1).expand(3, 4, 6, 3)


def carries_its_workflow(path: Path, context: Context) -> bool:
    file = load_workflow(path)
    assert file.graph is not None
    assert file.canvas is not None
    assert context.extra_pnginfo is not None
    return file.canvas.raw == context.extra_pnginfo["workflow"] and list(file.graph.nodes) == ["7"]


def frames_of(path: Path) -> list[int]:
    with Image.open(path) as picture:
        levels: list[int] = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            assert picture.info["duration"] == 250
            levels.append(int(np.asarray(picture.convert("RGB"))[0, 0, 0]))
        return levels


def test_a_moving_webp_keeps_every_pixel_and_its_workflow(context: Context, tmp_path: Path) -> None:
    shown = save_animated_webp(
        images=FRAMES, filename_prefix="made/clip", fps=4.0, method="fastest", context=context
    )
    assert shown.ui == {
        "images": [{"filename": "clip_00001_.webp", "subfolder": "made", "type": "output"}],
        "animated": [True],
    }
    path = tmp_path / "output" / "made" / "clip_00001_.webp"
    assert frames_of(path) == [0, 127, 255]
    assert carries_its_workflow(path, context)


def test_a_moving_png_keeps_every_pixel_and_its_workflow(context: Context, tmp_path: Path) -> None:
    save_animated_png(images=FRAMES, filename_prefix="clip", fps=4.0, context=context)
    path = tmp_path / "output" / "clip_00001_.png"
    assert frames_of(path) == [0, 127, 255]
    assert carries_its_workflow(path, context)


def test_files_do_not_tell_how_they_were_made_where_they_must_not(
    make_context: Callable[..., Context], tmp_path: Path
) -> None:
    silent = make_context(saves_metadata=False)
    save_animated_webp(images=FRAMES, filename_prefix="webp", method="default", context=silent)
    save_animated_png(images=FRAMES, filename_prefix="png", context=silent)
    for suffix in ("webp", "png"):
        path = tmp_path / "output" / f"{suffix}_00001_.{suffix}"
        with pytest.raises(WorkflowFormatError, match="holds no workflow"):
            load_workflow(path)


def test_one_picture_does_not_move(context: Context) -> None:
    shown = save_animated_webp(images=FRAMES[:1], method="default", context=context)
    assert shown.ui["animated"] == [False]
