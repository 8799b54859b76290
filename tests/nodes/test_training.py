"""Training as nodes, through the engine: from random weights to a LoRA on what was trained."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine import Engine, InterruptedRunError
from engine.run.events import Event, Report
from tests.nodes.balls import graph, put_balls


@pytest.fixture
def base(tmp_path: Path) -> Path:
    put_balls(tmp_path)
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
