"""Every example workflow runs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine import Engine

if TYPE_CHECKING:
    from engine import Workflow

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
EVERY = sorted(WORKFLOWS.rglob("*.json"))
LONG = re.compile(r'"(class_)?type": ?"(Train|LoadEmojiDataset)')
TRAINING = [path for path in EVERY if LONG.search(path.read_text())]
QUICK = [path for path in EVERY if path not in TRAINING]
CANVASES = [path for path in EVERY if '"nodes"' in path.read_text()]
SAMPLERS = {"KSampler", "KSamplerAdvanced"}


def name_of(path: Path) -> str:
    return str(path.relative_to(WORKFLOWS))


def hurry(workflow: Workflow) -> None:
    """One step shows that it runs; which picture comes of it is shown elsewhere."""
    for node in workflow.graph.nodes.values():
        if "steps" in node.inputs and (node.type in SAMPLERS or node.type.startswith("Train")):
            workflow.set(f"{node.id}.steps", 2)


@pytest.mark.parametrize("path", QUICK, ids=name_of)
def test_the_workflow_runs(path: Path, base: Path) -> None:
    with Engine(base=base) as engine:
        workflow = engine.load(path)
        assert workflow.notes == ()
        hurry(workflow)
        result = engine.run(workflow)
    assert result.images


@pytest.mark.slow
@pytest.mark.parametrize("path", TRAINING, ids=name_of)
def test_the_training_workflow_runs_in_a_few_steps(path: Path, base: Path) -> None:
    built = WORKFLOWS.parent / "data"
    if built.is_dir():
        shutil.copytree(built, base / "data")
    with Engine(base=base) as engine:
        workflow = engine.load(path)
        hurry(workflow)
        assert engine.run(workflow).files


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_all_nodes_of_the_workflow_exist_and_fit(path: Path, base: Path) -> None:
    with Engine(base=base) as engine:
        workflow = engine.load(path)
        missing = [
            problem for problem in workflow.problems() if problem.kind == "missing_node_type"
        ]
        assert missing == []
        assert workflow.notes == ()


@pytest.mark.parametrize("path", CANVASES, ids=name_of)
def test_the_workflow_is_a_canvas_that_an_editor_opens(path: Path) -> None:
    canvas = json.loads(path.read_text())
    assert canvas["version"] == 0.4
    ids = {node["id"] for node in canvas["nodes"]}
    boxes = [(*node["pos"], *node["size"]) for node in canvas["nodes"]]
    assert len(ids) == len(canvas["nodes"])
    for link, source, slot, target, place, _ in canvas["links"]:
        nodes = {node["id"]: node for node in canvas["nodes"]}
        assert link in nodes[source]["outputs"][slot]["links"]
        assert nodes[target]["inputs"][place]["link"] == link
    overlapping = [
        (one, other)
        for index, one in enumerate(boxes)
        for other in boxes[index + 1 :]
        if one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    ]
    assert overlapping == []
