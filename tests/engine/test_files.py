from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileProblemError, PathEscapeError
from engine.files import Folders, beneath


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in ("input", "output", "temp", "models/checkpoints/sub"):
        (tmp_path / name).mkdir(parents=True)
    return Folders.beneath(tmp_path)


@pytest.mark.parametrize(
    "hostile",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "~/secret",
        "..\\secret",
        "C:\\secret",
        "c:secret",
        "a\0b",
        "con",
        "sub/NUL.png",
        "name:stream",
        "..",
        ".. /secret",
        "... ",
        "line\nbreak",
        "half\ud800",
        "con .txt",
        "COM¹",
        "é" * 128,
        "a/" * 2000,
    ],
)
def test_a_path_that_leaves_its_folder_is_refused(tmp_path: Path, hostile: str) -> None:
    with pytest.raises(PathEscapeError) as caught:
        beneath(tmp_path, hostile)
    assert repr(hostile[:100])[:-1] in caught.value.render()


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (root / "innocent.png").symlink_to(tmp_path / "secret.png")
    (root / "folder").symlink_to(tmp_path)
    for name in ("innocent.png", "folder/secret.png"):
        with pytest.raises(PathEscapeError):
            beneath(root, name)


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(PathEscapeError):
        beneath(tmp_path, "a/c.png")


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(b"x")
    (tmp_path / "alias.png").symlink_to(tmp_path / "real.png")
    assert beneath(tmp_path, "alias.png") == (tmp_path / "real.png").resolve()


@given(st.text(alphabet="ab./\\~:\0 \n", max_size=24))
def test_no_text_leads_outside(text: str) -> None:
    root = Path("/srv/pictures")
    try:
        found = beneath(root, text)
    except PathEscapeError:
        return
    assert found == root or root in found.parents


def test_files_are_listed_sorted_with_their_subfolders(folders: Folders) -> None:
    for name in ("b.safetensors", "sub/a.ckpt", "notes.txt"):
        (folders.base / "models" / "checkpoints" / name).write_bytes(b"x")
    assert folders.list("checkpoints") == ["b.safetensors", "sub/a.ckpt"]


def test_a_missing_file_names_the_nearest_and_where_it_was_looked_for(folders: Folders) -> None:
    (folders.base / "models/checkpoints/starter.safetensors").write_bytes(b"x")
    with pytest.raises(FileProblemError) as caught:
        folders.find("checkpoints", "startr.safetensors", input_name="ckpt_name")
    text = caught.value.render()
    assert "did you mean: starter.safetensors" in text
    assert str(folders.base / "models" / "checkpoints") in text
    assert 'input "ckpt_name"' in text


def test_an_empty_folder_says_where_to_put_files(folders: Folders) -> None:
    with pytest.raises(FileProblemError, match="there is no file") as caught:
        folders.find("checkpoints", "x.safetensors")
    assert f"put a file into {folders.base / 'models' / 'checkpoints'}" in caught.value.render()


def test_annotated_names_choose_the_folder(folders: Folders) -> None:
    (folders.output / "cat.png").write_bytes(b"x")
    assert folders.find("input", "cat.png [output]") == folders.output / "cat.png"


def test_an_unknown_folder_lists_the_known_ones(folders: Folders) -> None:
    with pytest.raises(FileProblemError) as caught:
        folders.roots("checkpoint")
    assert "checkpoints" in caught.value.render()


def test_kinds_go_by_former_names_and_have_the_former_folders(folders: Folders) -> None:
    old = folders.base / "models" / "unet"
    old.mkdir(parents=True)
    (old / "x.safetensors").write_bytes(b"x")
    assert folders.list("diffusion_models") == ["x.safetensors"]
    assert folders.find("unet", "x.safetensors") == old / "x.safetensors"
    assert folders.roots("clip") == folders.roots("text_encoders")
    assert "unet" not in folders.models


def test_a_model_that_its_owner_linked_from_elsewhere_is_found(
    folders: Folders, tmp_path: Path
) -> None:
    (tmp_path / "far.safetensors").write_bytes(b"x")
    link = folders.base / "models" / "checkpoints" / "near.safetensors"
    link.symlink_to(tmp_path / "far.safetensors")
    assert folders.list("checkpoints") == ["near.safetensors"]
    assert folders.find("checkpoints", "near.safetensors").read_bytes() == b"x"
    with pytest.raises(PathEscapeError):
        folders.find("checkpoints", "../../../far.safetensors")


def test_kinds_list_the_files_that_they_are_made_of(folders: Folders) -> None:
    for kind, name in (("configs", "a.yaml"), ("datasets", "b.anything"), ("loras", "c.yaml")):
        folder = folders.base / "models" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    assert folders.list("configs") == ["a.yaml"]
    assert folders.list("datasets") == ["b.anything"]
    assert folders.list("loras") == []
