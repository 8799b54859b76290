from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from engine import Engine, InvalidWorkflowError, LoomError
from nodes.diffusion.datasets.manifest import Manifest, Record, open_manifest
from nodes.diffusion.datasets.plans import EMOJI_TEMPLATES, Dataset

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = {"folder": "birds", "captions": "auto", "width": 16, "height": 16}
NO_FILTER = {"style": "", "split": "all", "group": "", "words": "", "limit": 0}


def graph(**nodes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}


def run(base: Path, workflow: dict[str, Any], *targets: str) -> Any:
    with Engine(base=base) as loom:
        return loom.run(loom.load(workflow), targets=targets)


def captions(dataset: Dataset) -> list[str]:
    return [record.caption for record in open_manifest(dataset.manifest).records]


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Return a base folder whose input has a folder of captioned pictures."""
    folder = tmp_path / "input/birds/2_a bird"
    folder.mkdir(parents=True)
    for i in range(3):
        Image.new("RGBA", (24, 16), (80 * i, 0, 0, 255)).save(folder / f"{i}.png")
    (folder / "1.txt").write_text("a red bird, sitting")
    (folder / "broken.png").write_bytes(b"?")
    return tmp_path


@pytest.fixture
def emoji(tmp_path: Path) -> Path:
    """Return a base folder that has a small emoji set built already."""
    root = tmp_path / "data/emoji64"
    records: list[Record] = []
    for style in ("noto", "fluent-3d", "openmoji"):
        for i in range(3):
            path = root / style / f"{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGBA", (64, 64), (80 * i, len(records), 0, 128)).save(path)
            records.append(
                Record(
                    path=f"{style}/{i}.png",
                    sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                    caption=f"thing {i}",
                    label=f"thing {i}",
                    style=style,
                    group="food" if i else "toys",
                    split="heldout" if i == 2 else "train",
                    width=64,
                    height=64,
                )
            )
    (root / "manifest.jsonl").write_bytes(Manifest(root=root, records=tuple(records)).encode())
    return tmp_path


def test_declaring_data_sets_loads_no_torch() -> None:
    code = "import sys, nodes.dataset, nodes.dataset_plan, nodes.evaluation; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"torch", "PIL", "numpy"}.isdisjoint(done.stdout.split())


def test_a_folder_becomes_a_data_set_with_a_report(birds: Path) -> None:
    result = run(birds, graph(load=("LoadImageFolder", FOLDER)), "load")
    dataset = result.value("load")
    assert captions(dataset) == ["a bird", "a red bird, sitting", "a bird"]
    assert dataset.buckets.width == 16
    report = result.value("load", 1)
    assert report.startswith("3 pictures, 0 without a caption")
    assert "broken.png" in report


def test_a_folder_is_read_again_when_a_caption_changed_and_not_otherwise(birds: Path) -> None:
    with Engine(base=birds) as loom:
        workflow = loom.load(graph(load=("LoadImageFolder", FOLDER)))
        first = loom.run(workflow, targets=["load"])
        assert loom.run(workflow, targets=["load"]).executed == ()
        (birds / "input/birds/2_a bird/0.txt").write_text("a black bird")
        second = loom.run(workflow, targets=["load"])
    assert captions(second.value("load"))[0] == "a black bird"
    assert second.value("load") != first.value("load")


def test_two_places_with_the_same_pictures_are_one_data_set(birds: Path) -> None:
    first = run(birds, graph(load=("LoadImageFolder", FOLDER)), "load").value("load")
    (birds / "input/birds").rename(birds / "input/moved")
    moved = graph(load=("LoadImageFolder", {**FOLDER, "folder": "moved"}))
    assert run(birds, moved, "load").value("load") == first


@pytest.mark.parametrize("folder", ["../..", "/etc", "missing", "empty"])
def test_a_folder_that_cannot_be_used_is_an_error_of_the_input(birds: Path, folder: str) -> None:
    (birds / "input/empty").mkdir()
    workflow = graph(load=("LoadImageFolder", {**FOLDER, "folder": folder}))
    with pytest.raises((LoomError, InvalidWorkflowError)) as caught:
        run(birds, workflow, "load")
    assert caught.value.problems[0].node == "load"


@pytest.mark.parametrize(
    ("style", "split", "count"),
    [("base", "train", 4), ("base", "heldout", 2), ("openmoji", "all", 3), ("all", "all", 9)],
)
def test_the_emoji_set_is_offered_by_style_and_split(
    emoji: Path, style: str, split: str, count: int
) -> None:
    inputs = {"style": style, "split": split, "size": 64}
    dataset = run(emoji, graph(load=("LoadEmojiDataset", inputs)), "load").value("load")
    assert len(captions(dataset)) == count
    assert dataset.captions.templates == EMOJI_TEMPLATES


def test_filters_keep_what_fits_and_everything_else_of_the_data_set(emoji: Path) -> None:
    load = ("LoadEmojiDataset", {"style": "all", "split": "all", "size": 64})
    keep = {**NO_FILTER, "style": "noto, openmoji", "group": "food", "limit": 3}
    workflow = graph(load=load, some=("FilterDataset", {"dataset": ["load", 0], **keep}))
    result = run(emoji, workflow, "load", "some")
    records = open_manifest(result.value("some").manifest).records
    assert [record.path for record in records] == ["noto/1.png", "noto/2.png", "openmoji/1.png"]
    assert result.value("some").captions == result.value("load").captions


def test_a_filter_that_leaves_nothing_names_the_styles_there_are(emoji: Path) -> None:
    load = ("LoadEmojiDataset", {"style": "base", "split": "train", "size": 64})
    none = {"dataset": ["load", 0], **NO_FILTER, "style": "cubist"}
    with pytest.raises(LoomError, match="no picture is left") as caught:
        run(emoji, graph(load=load, some=("FilterDataset", none)), "some")
    assert "fluent-3d, noto" in caught.value.render()


def test_captions_are_edited_without_touching_files(birds: Path) -> None:
    edit = {"dataset": ["load", 0], "find": "bird", "replace_with": "sparrow"}
    edit |= {"prefix": "sks ", "suffix": ", photo"}
    workflow = graph(load=("LoadImageFolder", FOLDER), edit=("EditCaptions", edit))
    dataset = run(birds, workflow, "edit").value("edit")
    assert captions(dataset) == ["a sparrow", "a red sparrow, sitting", "a sparrow"]
    assert (dataset.captions.prefix, dataset.captions.suffix) == ("sks ", ", photo")
    assert (birds / "input/birds/2_a bird/1.txt").read_text() == "a red bird, sitting"
