"""A run as one node sees it, without a graph around it."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
import torch

from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.files import Folders
from engine.graph.model import Graph, Node
from engine.run.client import Client
from engine.run.context import RunContext, Surroundings
from engine.run.resources import Resources
from engine.run.stream import EventStream
from nodes.diffusion.checkpoints import create, presets, save_checkpoint, save_tensors
from nodes.loaders import Checkpoint, load_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context
    from engine.run.events import Listener

KEY = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
WORKFLOW = {"nodes": [], "version": 0.4, "extra": {"name": "Käse"}}


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[..., Context]:
    """Makes contexts beneath the test's folder; takes `base`, `listener`, `interrupt`, ..."""

    def make(
        base: Path | None = None,
        listener: Listener | None = None,
        interrupt: threading.Event | None = None,
        *,
        saves_metadata: bool = True,
    ) -> Context:
        nodes = {"7": Node(id="7", type="SaveImage", inputs={"filename_prefix": "Ünïcode"})}
        extra: dict[str, Any] = {"workflow": WORKFLOW}
        around = Surroundings(
            original=Graph(nodes),
            nodes=nodes,
            folders=Folders.beneath(base or tmp_path),
            content=ContentHashes(),
            resources=Resources(ResultsCache()),
            stream=EventStream("job", listener),
            interrupt=interrupt or threading.Event(),
            client=Client(extra_pnginfo=extra, saves_metadata=saves_metadata),
        )
        return RunContext(around, "7")

    return make


@pytest.fixture
def context(make_context: Callable[..., Context]) -> Context:
    """A context beneath the test's folder."""
    return make_context()


@pytest.fixture
def models(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    """A base folder with models of each kind."""
    folder = tmp_path / "models"
    for kind in ("checkpoints", "vae", "loras", "embeddings/people", "text_encoders"):
        (folder / kind).mkdir(parents=True)
    shutil.copy(tiny_checkpoint, folder / "checkpoints" / "tiny.safetensors")
    made = create(presets.tiny(), seed=9)
    save_checkpoint(folder / "vae" / "vae.safetensors", autoencoder=made.autoencoder)
    save_checkpoint(folder / "text_encoders" / "clip.ckpt", text_encoders=made.text_encoders)
    save_checkpoint(
        folder / "checkpoints" / "other.safetensors",
        diffusion=made.diffusion,
        text_encoders=made.text_encoders,
        autoencoder=made.autoencoder,
    )
    module = f"lora_unet_{KEY.replace('.', '_')}"
    lora = {f"{module}.lora_up.weight": torch.ones(16, 2), "odd.tensor": torch.ones(1)}
    lora[f"{module}.lora_down.weight"] = torch.ones(2, 16)
    save_tensors(folder / "loras" / "lora.safetensors", lora, {})
    save_tensors(folder / "loras" / "none.safetensors", {"lora_unet_x.diff": torch.ones(1)}, {})
    vectors = {"emb_params": torch.ones(2, 32)}
    save_tensors(folder / "embeddings" / "people" / "ada.safetensors", vectors, {})
    return folder


@pytest.fixture
def loaded(models: Path, context: Context) -> Checkpoint:
    """The tiny checkpoint."""
    assert models.is_dir()
    return load_checkpoint(ckpt_name="tiny.safetensors", context=context)
