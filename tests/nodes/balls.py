"""The smallest training there is: coloured balls, and a model that learns them in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from engine import Graph, Link, Node

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"steps": 4, "batch_size": 2, "seed": 0, "precision": "float32"}


def graph(*, steps: int = 4) -> Graph:
    """Return an autoencoder, a model on top and a LoRA on top of that, trained for some steps."""
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


def put_balls(base: Path) -> None:
    """Draw the data set into the input folder."""
    folder = base / "input" / "balls"
    folder.mkdir(parents=True)
    for number, colour in enumerate(("red", "green", "blue", "yellow")):
        picture = Image.new("RGB", (32, 32), "white")
        ImageDraw.Draw(picture).ellipse((4, 4, 27, 27), fill=colour)
        picture.save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text(f"a {colour} ball")
