from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileProblemError
from engine.files import Folders
from engine.jobs.model_paths import pack_folders, read_model_paths, with_model_paths


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "extra_model_paths.yaml"
    path.write_text(text)
    return path


def test_folders_count_from_the_base_path_and_that_from_the_file(tmp_path: Path) -> None:
    file = written(
        tmp_path / "config",
        """
        a111:
            base_path: ../webui
            checkpoints: models/Stable-diffusion
            loras: |
                models/Lora
                models/LyCORIS
        bare:
            custom_nodes: testing_nodes
            vae: /absolute/vae
        """,
    )
    found = [(one.kind, one.path) for one in read_model_paths(file)]
    assert found == [
        ("checkpoints", tmp_path / "webui/models/Stable-diffusion"),
        ("loras", tmp_path / "webui/models/Lora"),
        ("loras", tmp_path / "webui/models/LyCORIS"),
        ("custom_nodes", tmp_path / "config/testing_nodes"),
        ("vae", Path("/absolute/vae")),
    ]


def test_default_folders_come_first(tmp_path: Path) -> None:
    file = written(tmp_path, "x:\n  is_default: true\n  loras: first\ny:\n  loras: last\n")
    folders = with_model_paths(Folders.beneath(tmp_path), read_model_paths(file))
    names = [path.name for path in folders.models["loras"]]
    assert names == ["first", "loras", "last"]


def test_old_names_of_kinds_are_understood(tmp_path: Path) -> None:
    file = written(tmp_path, "x:\n  unet: u\n  clip: c\n")
    assert [one.kind for one in read_model_paths(file)] == ["diffusion_models", "text_encoders"]


def test_kinds_that_only_packs_know_are_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "x:\n  ipadapter: ip\n")
    folders = with_model_paths(Folders.beneath(tmp_path), read_model_paths(file))
    assert folders.models["ipadapter"] == (tmp_path / "ip",)


def test_packs_are_no_models(tmp_path: Path) -> None:
    file = written(tmp_path, "x:\n  custom_nodes: a\ny:\n  is_default: true\n  custom_nodes: b\n")
    named = read_model_paths(file)
    assert pack_folders(named) == (tmp_path / "b", tmp_path / "a")
    before = Folders.beneath(tmp_path)
    assert with_model_paths(before, named).models == before.models


def test_home_and_variables_are_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLACE", "somewhere")
    file = written(tmp_path, "x:\n  loras: ~/loras\n  vae: $PLACE/vae\n")
    found = [one.path for one in read_model_paths(file)]
    assert found == [tmp_path / "home/loras", tmp_path / "somewhere/vae"]


@pytest.mark.parametrize("text", ["", "x:\n", "# nothing\n", "x:\n  loras:\n"])
def test_a_file_without_folders_names_none(tmp_path: Path, text: str) -> None:
    assert read_model_paths(written(tmp_path, text)) == []


@pytest.mark.parametrize(
    "text", ["just text", "- a\n- b\n", "x: [1, 2]\n", "x: {", "x: !!python/object:os.system {}"]
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileProblemError, match="model paths"):
        read_model_paths(written(tmp_path, text))
