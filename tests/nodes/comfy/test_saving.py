from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from engine import Folders, Registry


@pytest.fixture
def lent(tmp_path: Path) -> dict[str, Any]:
    """What ComfyUI's module `nodes` holds where packs are loaded."""
    (tmp_path / "custom_nodes").mkdir()
    Registry.load(Folders.beneath(tmp_path))
    return vars(sys.modules["nodes"])


def test_packs_save_pictures_their_own_way(lent: dict[str, Any], tmp_path: Path) -> None:
    base = lent["SaveImage"]

    class Mine(base):
        def __init__(self) -> None:
            super().__init__()
            self.type = "temp"
            self.output_dir = str(tmp_path / "elsewhere")
            self.prefix_append = "_mine"

    shown = Mine().save_images(
        torch.ones(2, 4, 6, 3), "sub/x", {"1": {}}, extra_pnginfo={"workflow": {"nodes": []}}
    )
    first, second = shown["ui"]["images"]
    assert (first["type"], first["subfolder"]) == ("temp", "sub")
    assert first["filename"] != second["filename"]
    with Image.open(tmp_path / "elsewhere" / "sub" / first["filename"]) as picture:
        assert picture.size == (6, 4)
        assert json.loads(picture.text["prompt"]) == {"1": {}}
    assert "images" in Mine.INPUT_TYPES()["required"]
    assert (Mine.FUNCTION, Mine.OUTPUT_NODE) == ("save_images", True)


def test_previews_go_to_the_folder_for_temporary_files(
    lent: dict[str, Any], tmp_path: Path
) -> None:
    (shown,) = lent["PreviewImage"]().save_images(torch.zeros(1, 2, 2, 3))["ui"]["images"]
    assert shown["type"] == "temp"
    assert (tmp_path / "temp" / shown["filename"]).is_file()
