"""Training that its user steers: paused, saved, stopped early, looked at."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine import Engine, Graph
from engine.run.controls import Controls
from engine.run.events import Event, Report
from nodes.diffusion.training.losses import read_losses
from tests.nodes.balls import graph, put_balls

NODE = "full"


def tuned(steps: int) -> Graph:
    """Return what trains a whole model, with an average, and pictures every second step."""
    nodes = graph(steps=steps).nodes
    return Graph({name: nodes[name] for name in nodes if name not in {"lora", "save", "export"}})


class Training:
    """A run of a training node, and what its user asks for when some steps are told.

    Args:
        base: The folder of everything.
        actions: By step; the node hears them one step later.
    """

    def __init__(self, base: Path, actions: dict[int, tuple[str, ...]] | None = None) -> None:
        self.base = base
        self.controls = Controls()
        self.told: list[dict[str, Any]] = []
        self.samples: list[dict[str, Any]] = []
        self.ran = False
        self._actions = dict(actions or {})

    def run(self, steps: int) -> tuple[list[Any], ...]:
        """Train; returns what the node gave."""
        with Engine(base=self.base) as loom:
            result = loom.executor.run(
                tuned(steps), [NODE], listener=self._hear, controls=self.controls
            )
            self.ran = NODE in result.executed
            return result.values(NODE)

    def states(self) -> list[str]:
        """Return the states that were told, each once in a row."""
        states = [one["state"] for one in self.told]
        before = ["", *states]
        return [one for one, last in zip(states, before, strict=False) if one != last]

    def _hear(self, event: Event) -> None:
        if not isinstance(event, Report) or event.node != NODE:
            return
        if event.kind == "training_samples":
            self.samples.append(dict(event.data))
        if event.kind == "training":
            self.told.append(dict(event.data))
            if event.data["state"] == "training":
                for action in self._actions.pop(event.data["step"], ()):
                    assert self.controls.ask(NODE, action) is None


@pytest.fixture
def base(tmp_path: Path) -> Path:
    base = tmp_path / "steered"
    put_balls(base)
    return base


@pytest.fixture
def straight(tmp_path: Path) -> Path:
    """A folder for the same training without anybody who steers."""
    base = tmp_path / "straight"
    put_balls(base)
    return base


def weights_of(given: tuple[list[Any], ...]) -> list[str]:
    """Return the hashes of the weights, raw and averaged."""
    return [given[slot][0].weights.sha256 for slot in (0, 2)]


def run_folder(base: Path) -> Path:
    (found,) = (base / "runs").glob("full-*")
    return found


def test_a_run_that_was_paused_and_saved_ends_in_the_same_bytes(base: Path, straight: Path) -> None:
    steered = Training(base, {2: ("pause", "save", "sample", "resume"), 4: ("save",)})
    given = steered.run(8)
    assert weights_of(given) == weights_of(Training(straight).run(8))
    assert steered.states() == ["training", "paused", "training", "finished"]
    saved = [one["saved"] for one in steered.told if "saved" in one]
    assert saved == [3, 5]
    files = {path.name for path in (run_folder(base) / "results").iterdir()}
    assert {f"{kind}-{step}.safetensors" for kind in ("raw", "ema") for step in (3, 5, 8)} == files
    curves = [read_losses(run_folder(where) / "losses.jsonl") for where in (base, straight)]
    assert curves[0] == curves[1]


def test_a_run_that_was_stopped_gives_what_a_shorter_one_gives_and_is_not_kept(
    base: Path, straight: Path
) -> None:
    stopped = Training(base, {2: ("stop",)})
    given = stopped.run(8)
    assert stopped.told[-1]["state"] == "stopped"
    assert weights_of(given) == weights_of(Training(straight).run(3))
    assert len(given[4][0]["loss"]) == 3
    again = Training(base)
    whole = again.run(8)
    assert again.ran, "the result of three steps was taken for that of eight"
    assert again.told[0]["step"] == 4
    assert weights_of(whole) == weights_of(Training(straight).run(8))
    known = Training(base)
    known.run(8)
    assert not known.ran


def test_a_run_that_is_stopped_while_it_is_paused_ends_at_once(base: Path) -> None:
    training = Training(base, {2: ("pause",)})

    def stop() -> None:
        deadline = time.monotonic() + 60
        while "paused" not in training.states() and time.monotonic() < deadline:
            time.sleep(0.02)
        training.controls.ask(NODE, "stop")

    user = threading.Thread(target=stop)
    user.start()
    given = training.run(8)
    user.join()
    assert training.states() == ["training", "paused", "stopped"]
    assert next(one["step"] for one in training.told if one["state"] == "paused") == 3
    assert len(given[4][0]["loss"]) == 3


def test_pictures_with_raw_and_averaged_weights_are_told_and_kept(base: Path) -> None:
    training = Training(base, {2: ("sample",)})
    training.run(4)
    assert [sample["step"] for sample in training.samples] == [2, 3, 4]
    assert training.samples[0] == {
        "run": run_folder(base).name,
        "step": 2,
        "prompts": ["a red ball"],
        "pictures": {
            "raw": ["step-0000002-raw-0.png"],
            "ema": ["step-0000002-ema-0.png"],
        },
    }
    pictures = {path.name for path in (run_folder(base) / "previews").glob("*.png")}
    told = [name for one in training.samples for kind in one["pictures"].values() for name in kind]
    assert pictures == set(told)


def test_each_step_that_is_told_has_its_place_loss_rate_and_pace(base: Path) -> None:
    training = Training(base)
    training.run(4)
    last = training.told[-1]
    assert (last["step"], last["total"], last["state"]) == (4, 4, "finished")
    assert last["run"] == run_folder(base).name
    assert last["loss"] > 0
    assert last["learning_rate"] == 1e-3
    assert last["seconds_per_step"] > 0
