"""Training as nodes, through the engine: from random weights to a LoRA on what was trained."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from engine import Engine, Graph, InterruptedRunError, Link, Node
from engine.run.events import Event, Report

SMALL = {"steps": 4, "batch_size": 2, "seed": 0, "precision": "float32"}


def graph(*, steps: int = 4) -> Graph:
    specs: dict[str, tuple[str, dict[str, Any]]] = {
        "set": (
            "LoadImageFolder",
            {"folder": "balls", "captions": "text file", "width": 32, "height": 32},
        ),
        "vae": (
            "CreateVAE",
            {"widths": "8,8,8,8", "latent_channels": 4, "groups": 4, "layers": 1, "seed": 0},
        ),
        "trained vae": (
            "TrainVAE",
            {
                "vae": Link("vae", 0),
                "dataset": Link("set", 0),
                "learning_rate": 1e-3,
                "l1": 0.1,
                "edges": 0.0,
                "kl": 1e-5,
                "decoder_only": False,
                **SMALL,
            },
        ),
        "new": (
            "CreateModel",
            {
                "vae": Link("trained vae", 0),
                "dataset": Link("set", 0),
                "widths": "32",
                "layers": 1,
                "heads": 2,
                "text_width": 32,
                "text_layers": 1,
                "prediction": "v_prediction",
                "seed": 0,
            },
        ),
        "ema": ("TrainingEMA", {"decay": 0.9, "start": "constant", "seen_steps": 0, "every": 1}),
        "previews": (
            "TrainingPreviews",
            {"prompts": "a red ball", "every": 2, "seed": 0, "steps": 2, "cfg": 2.0},
        ),
        "full": (
            "TrainFullFinetune",
            {
                "model": Link("new", 0),
                "clip": Link("new", 1),
                "vae": Link("trained vae", 0),
                "dataset": Link("set", 0),
                "trainable": "all,text",
                "learning_rate": 1e-3,
                "accumulate": 1,
                "ema": Link("ema", 0),
                "previews": Link("previews", 0),
                **SMALL,
                "steps": steps,
            },
        ),
        "lora": (
            "TrainLoRA",
            {
                "model": Link("full", 2),
                "clip": Link("full", 3),
                "vae": Link("trained vae", 0),
                "dataset": Link("set", 0),
                "rank": 2,
                "alpha": 2.0,
                "targets": "transformer",
                "train_text": True,
                "dropout": 0.0,
                "learning_rate": 1e-3,
                "accumulate": 1,
                **SMALL,
            },
        ),
        "save": ("SaveLoRA", {"lora": Link("lora", 2), "filename_prefix": "loras/balls"}),
        "export": (
            "CheckpointExport",
            {
                "model": Link("lora", 0),
                "clip": Link("lora", 1),
                "vae": Link("trained vae", 0),
                "filename_prefix": "checkpoints/balls",
                "dtype": "float16",
                "vae_dtype": "same",
                "title": "Balls",
                "description": "",
                "license": "CC0-1.0",
            },
        ),
        "curve": ("LossCurve", {"loss": Link("full", 4), "width": 320, "height": 200}),
        "shown": ("PreviewImage", {"images": Link("curve", 0)}),
    }
    return Graph({name: Node(name, kind, inputs) for name, (kind, inputs) in specs.items()})


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "input" / "balls"
    folder.mkdir(parents=True)
    for number, colour in enumerate(("red", "green", "blue", "yellow")):
        picture = Image.new("RGB", (32, 32), "white")
        ImageDraw.Draw(picture).ellipse((4, 4, 27, 27), fill=colour)
        picture.save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text(f"a {colour} ball")
    return tmp_path


def test_a_model_and_a_lora_are_trained_saved_and_come_from_the_cache(base: Path) -> None:
    told: list[Event] = []
    with Engine(base=base) as loom:
        result = loom.run(loom.workflow(graph()), listener=told.append)
        files = {path.parent.name: path for path in result.files if path.suffix == ".safetensors"}
        assert files.keys() == {"loras", "checkpoints"}
        assert result.value("full", 6).shape == (2, 32, 32, 3)
        assert len(result.value("full", 4)["loss"]) == 4
        again = loom.run(loom.workflow(graph()))
        assert not {"full", "lora", "trained vae"} & set(again.executed)
    losses = [
        event.data for event in told if isinstance(event, Report) and event.kind == "training"
    ]
    assert losses[-1]["step"] == losses[-1]["total"] == 4
    assert list((base / "runs").glob("full-*/previews/*.png"))


def test_an_interrupted_run_goes_on_and_ends_in_the_same_bytes(base: Path, tmp_path: Path) -> None:
    interrupt = threading.Event()

    def stop(event: Event) -> None:
        if isinstance(event, Report) and event.node == "full":
            interrupt.set()

    with Engine(base=base) as loom, pytest.raises(InterruptedRunError):
        loom.run(loom.workflow(graph(steps=8)), listener=stop, interrupt=interrupt)
    (stopped,) = (base / "runs").glob("full-*")
    assert not list(stopped.glob("results/*"))
    assert list(stopped.glob("state-*"))
    with Engine(base=base) as loom:
        resumed = loom.run(loom.workflow(graph(steps=8))).value("lora", 2)
    moved = base.rename(tmp_path.parent / f"{tmp_path.name}-moved")
    for left in ("runs", ".cache"):
        (moved / left).rename(moved / f"{left}-before")
    with Engine(base=moved) as loom:
        straight = loom.run(loom.workflow(graph(steps=8))).value("lora", 2)
    assert resumed.sha256 == straight.sha256
