from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import Folders, PathEscapeError
from engine.comfy.folder_paths import FolderPaths


@pytest.fixture
def module(tmp_path: Path) -> dict[str, Any]:
    for name in ("models/loras/sub", "models/diffusion_models", "output", "input"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "models/loras/sub/a.safetensors").touch()
    (tmp_path / "models/loras/readme.txt").touch()
    return FolderPaths(Folders.beneath(tmp_path)).namespace()


def test_files_of_a_kind_are_listed_and_found(module: dict[str, Any]) -> None:
    assert module["get_filename_list"]("loras") == ["sub/a.safetensors"]
    assert Path(module["get_full_path"]("loras", "sub/a.safetensors")).is_file()
    assert module["get_full_path"]("loras", "b.safetensors") is None
    with pytest.raises(FileNotFoundError, match="b"):
        module["get_full_path_or_raise"]("loras", "b.safetensors")
    assert module["get_folder_paths"]("unet") == module["get_folder_paths"]("diffusion_models")


def test_packs_add_folders_of_their_own(module: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.onnx").touch()
    module["add_model_folder_path"]("pack_models", str(tmp_path / "mine"))
    assert module["get_filename_list"]("pack_models") == ["x.onnx"]
    module["folder_names_and_paths"]["other"] = ([str(tmp_path / "mine")], {".bin"})
    assert module["get_filename_list"]("other") == []


def test_annotated_names_choose_the_folder(module: dict[str, Any], tmp_path: Path) -> None:
    assert module["get_annotated_filepath"]("a.png [output]") == str(tmp_path / "output/a.png")
    assert module["get_annotated_filepath"]("a.png") == str(tmp_path / "input/a.png")
    assert not module["exists_annotated_filepath"]("a.png")
    with pytest.raises(PathEscapeError):
        module["get_annotated_filepath"]("../a.png")


def test_saved_pictures_are_numbered_on(module: dict[str, Any], tmp_path: Path) -> None:
    output = module["get_output_directory"]()
    folder, name, counter, subfolder, prefix = module["get_save_image_path"](
        "new/cat_%width%", output, 64, 32
    )
    assert (name, counter, subfolder, prefix) == ("cat_64", 1, "new", "new/cat_64")
    Path(folder, "cat_64_00007_.png").touch()
    assert module["get_save_image_path"]("new/cat_64", output)[2] == 8
    with pytest.raises(PathEscapeError):
        module["get_save_image_path"]("../cat", output)
    assert tmp_path in Path(folder).parents


def test_names_that_packs_ask_for_by_type_are_told_apart(module: dict[str, Any]) -> None:
    files = ["a.png", "b.WEBP", "c.mp4", "d.wav", "e.glb", "f.txt", "g"]
    assert module["filter_files_content_types"](files, ["image"]) == ["a.png", "b.WEBP"]
    assert module["filter_files_content_types"](files, ["video", "audio"]) == ["c.mp4", "d.wav"]
    assert module["filter_files_content_types"](files, ["model"]) == ["e.glb"]
    assert module["filter_files_extensions"](files, {".png", ".txt"}) == ["a.png", "f.txt"]


def test_a_search_tells_the_folders_it_went_through(module: dict[str, Any], tmp_path: Path) -> None:
    files, changed = module["recursive_search"](str(tmp_path / "models"), ["diffusion_models"])
    assert sorted(files) == ["loras/readme.txt", "loras/sub/a.safetensors"]
    assert str(tmp_path / "models" / "loras" / "sub") in changed
    assert str(tmp_path / "models" / "diffusion_models") not in changed


def test_a_name_that_leads_out_of_its_folder_leads_nowhere(module: dict[str, Any]) -> None:
    Path(module["models_dir"], "secret.safetensors").touch()
    assert module["get_full_path"]("loras", "../secret.safetensors") is None
    assert module["get_full_path"]("no such kind", "a.safetensors") is None


def test_packs_move_the_folders_and_list_what_is_beneath(
    module: dict[str, Any], tmp_path: Path
) -> None:
    module["set_input_directory"](str(tmp_path / "models"))
    assert module["get_input_subfolders"]() == ["diffusion_models", "loras", "loras/sub"]
    assert module["get_directory_by_type"]("input") == str(tmp_path / "models")
    assert module["get_directory_by_type"]("user") is None
