from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from engine import Engine, InputError, LoomError
from nodes.dataset_plan import augment_plan, bucket_plan, caption_mix
from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.datasets.plans import (
    AugmentPlan,
    BucketPlan,
    CaptionPlan,
    Dataset,
    ManifestFile,
)

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Dataset(
    manifest=ManifestFile(sha256="00", path="list", root="pictures"),
    captions=CaptionPlan(prefix="sks "),
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a base folder whose input has a folder of pictures."""
    folder = tmp_path / "input/birds"
    folder.mkdir(parents=True)
    for i in range(5):
        Image.new("RGBA", (24, 16), (50 * i, 0, 0, 200)).save(folder / f"{i}.png")
        (folder / f"{i}.txt").write_text(f"bird number {i}")
    return tmp_path


def run(base: Path, **nodes: tuple[str, dict[str, Any]]) -> Any:
    folder = {"folder": "birds", "captions": "auto", "width": 16, "height": 16}
    nodes = {"load": ("LoadImageFolder", folder), **nodes}
    made = {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}
    with Engine(base=base) as loom:
        return loom.run(loom.load(made), targets=list(nodes))


def test_templates_are_read_line_by_line() -> None:
    text = "0.4 {label}\n\n0.3  a {style} emoji of {label}\n0.2 {label}, {tags}\n0.1"
    assert caption_mix(dataset=PLAIN, templates=text).captions.templates == (
        ("{label}", 0.4),
        ("a {style} emoji of {label}", 0.3),
        ("{label}, {tags}", 0.2),
        ("", 0.1),
    )


def test_the_mix_keeps_the_prefix_that_was_set_before() -> None:
    plan = caption_mix(dataset=PLAIN, dropout=0.1, shuffle=True, keep=2).captions
    assert (plan.prefix, plan.dropout, plan.shuffle, plan.keep) == ("sks ", 0.1, True, 2)


@pytest.mark.parametrize(
    "text", ["", "{caption}", "1 {colour}", "1 {caption", "1 {0}", "0 a", "x y"]
)
def test_templates_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        caption_mix(dataset=PLAIN, templates=text)


def test_plans_replace_those_before_and_nothing_else() -> None:
    varied = augment_plan(dataset=PLAIN, scale=0.8, variants=4)
    assert varied.augment == AugmentPlan(
        scale=0.8, translate=0.02, colours=0.5, jitter=0.03, variants=4
    )
    sized = bucket_plan(dataset=varied, width=64, height=64, step=0, smallest=8, largest=64)
    assert sized.buckets == BucketPlan(width=64, height=64, step=0, smallest=8, largest=64)
    assert (sized.augment, sized.captions, sized.manifest) == (
        *(varied.augment, PLAIN.captions, PLAIN.manifest),
    )


def test_the_preview_is_what_the_first_step_sees(base: Path) -> None:
    look = {"dataset": ["load", 0], "count": 4, "columns": 2, "seed": 3}
    result = run(base, look=("PreviewDataset", look))
    sheet = result.value("look")
    assert sheet.shape == (1, 2 * (96 + 8 + 33), 2 * (96 + 8), 3)
    batches = Batches(result.value("load"), batch=4, seed=3)
    first = batches.pixels(batches.at(0))[0]
    assert (sheet[0, 4 + 40, 4 + 40] - first[:, 6, 6]).abs().max() < 0.01


def test_prepared_pictures_are_a_data_set_of_their_own(base: Path) -> None:
    write = {"dataset": ["load", 0], "name": "small/birds", "background": "#ffffff"}
    result = run(base, write=("PrepareImages", write))
    folder = base / "output/small/birds"
    assert {path.name for path in folder.glob("*.txt")} == {f"000{i}.txt" for i in range(1, 6)}
    batches = Batches(result.value("write"), batch=2, seed=0)
    assert batches.pixels(batches.at(0)).shape == (2, 3, 16, 16)
    with Image.open(folder / "0001.png") as picture:
        assert (picture.size, picture.mode) == ((16, 16), "RGB")


def test_prepared_pictures_stay_in_the_output_folder(base: Path) -> None:
    write = {"dataset": ["load", 0], "name": "../outside", "background": ""}
    with pytest.raises(LoomError):
        run(base, write=("PrepareImages", write))
    assert not (base / "outside").exists()
