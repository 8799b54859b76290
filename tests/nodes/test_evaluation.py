from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from engine import Engine, InputError, LoomError, Workflow
from nodes.diffusion.datasets.manifest import Manifest, Record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def measured(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    """Return a base folder with a tiny model in the starter's place and a small emoji set."""
    checkpoints = tmp_path / "models/checkpoints"
    checkpoints.mkdir(parents=True)
    shutil.copy(tiny_checkpoint, checkpoints / "starter.safetensors")
    root = tmp_path / "data/emoji64"
    records: list[Record] = []
    for style in ("noto", "twemoji"):
        (root / style).mkdir(parents=True)
        for i in range(6):
            picture = Image.new("RGBA", (64, 64))
            colour = (40 * i, 99, len(style), 255)
            ImageDraw.Draw(picture).ellipse((8 + i, 8, 40, 50), fill=colour)
            path = root / style / f"{i}.png"
            picture.save(path)
            records.append(
                Record(
                    path=f"{style}/{i}.png",
                    sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                    caption=f"thing {i}",
                    label=f"thing {i}",
                    style=style,
                    split="heldout" if i == 2 else "train",
                    width=64,
                    height=64,
                )
            )
    (root / "manifest.jsonl").write_bytes(Manifest(root=root, records=tuple(records)).encode())
    return tmp_path


def starter(loom: Engine) -> Workflow:
    workflow = loom.load(ROOT / "workflows/starter/evaluate.json")
    for title in ("Retrieval, trained pairs", "Retrieval, held-out pairs", "Backgrounds"):
        workflow.set(f"{title}.steps", 2)
    workflow.set("Backgrounds.count", 5)
    return workflow


def test_the_workflow_measures_the_starter_from_end_to_end(measured: Path) -> None:
    with Engine(base=measured) as loom:
        result = loom.run(starter(loom))
    rows = json.loads((measured / "output/evaluation.json").read_text())
    assert [(row["measure"], row["part"], row["count"]) for row in rows] == [
        ("retrieval", "trained", 10),
        ("retrieval", "heldout", 2),
        ("reconstruction", "heldout", 2),
        ("backgrounds", "trained", 5),
    ]
    assert all(0 <= row["value"] <= 1 for row in rows if row["measure"] != "reconstruction")
    (shown,) = result.texts
    assert len(shown[1].splitlines()) == 5
    assert len(result.files) == 4


def test_measuring_twice_comes_from_the_cache_with_equal_numbers(measured: Path) -> None:
    with Engine(base=measured) as loom:
        first = loom.run(starter(loom), targets=["Backgrounds"])
        second = loom.run(starter(loom), targets=["Backgrounds"])
    assert second.executed == ()
    assert second.value("Backgrounds", 1) == first.value("Backgrounds", 1)


def test_references_that_lack_what_is_asked_for_are_an_error_of_the_node(measured: Path) -> None:
    with Engine(base=measured) as loom:
        workflow = loom.load(ROOT / "workflows/starter/evaluate.json")
        workflow.set("All drawings.style", "twemoji")
        workflow.set("Pairs seen in training.style", "noto")
        with pytest.raises(LoomError, match="no picture is left"):
            loom.run(workflow)


def test_a_text_that_is_no_report_is_refused(tmp_path: Path) -> None:
    report = {"reports.report0": "not JSON", "filename": "x.json"}
    with Engine(base=tmp_path) as loom, pytest.raises((InputError, LoomError)):
        loom.run(loom.load({"1": {"class_type": "EvaluationReport", "inputs": report}}))
    assert not (tmp_path / "output/x.json").exists()
