from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from engine.errors import WorkflowFormatError
from engine.graph.flow import Flow
from engine.graph.model import Graph, Link
from engine.graph.script import write_script
from engine.graph.script_reader import read_script
from tests.engine.graph.graphs import graphs

HEAD = "from engine import Flow\nflow = Flow()\n"


def run(script: str) -> Graph:
    names: dict[str, Any] = {}
    exec(compile(script, "script", "exec"), names)
    return names["graph"]


@given(graphs())
def test_scripts_give_the_same_graph_back_read_or_run(graph: Graph) -> None:
    script = write_script(graph)
    for again in (read_script(script, "script"), run(script)):
        assert again == graph
        assert list(again.nodes) == list(graph.nodes)
        for id_, node in graph.nodes.items():
            assert list(again.nodes[id_].inputs) == list(node.inputs)
            kinds = [type(value) for value in node.inputs.values()]
            assert [type(value) for value in again.nodes[id_].inputs.values()] == kinds


def example() -> Graph:
    flow = Flow()
    checkpoint = flow.CheckpointLoaderSimple(
        "4", "Load Checkpoint", ckpt_name="starter.safetensors"
    )
    positive = flow.CLIPTextEncode("6", text="a red apple", clip=checkpoint[1])
    flow.KSampler("3", "Sampler", seed=5, model=checkpoint[0], positive=positive)
    return flow.graph(order=["3", "4", "6"])


def test_a_script_reads_like_python() -> None:
    assert (
        write_script(example())
        == '''"""A workflow. Run it with `loom run`, or import `graph` from it."""

from engine import Flow

flow = Flow()

load_checkpoint = flow.CheckpointLoaderSimple(
    "4",
    "Load Checkpoint",
    ckpt_name="starter.safetensors",
)
clip_text_encode = flow.CLIPTextEncode("6", text="a red apple", clip=load_checkpoint[1])
flow.KSampler("3", "Sampler", seed=5, model=load_checkpoint[0], positive=clip_text_encode[0])

graph = flow.graph(order=["3", "4", "6"])
'''
    )


def test_a_script_runs_as_a_program(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(write_script(example()) + "print(list(graph.nodes))\n", encoding="utf-8")
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root)},
    )
    assert done.stdout.strip() == "['3', '4', '6']"


def test_ids_are_counted_where_none_is_given() -> None:
    flow = Flow()
    flow.A("2")
    assert [flow.B().id, flow.C().id] == ["3", "4"]
    assert flow.graph().nodes["3"].type == "B"


def test_a_step_stands_for_its_first_output_and_cannot_be_unpacked() -> None:
    flow = Flow()
    step = flow.A()
    flow.B(x=step, y=(1, 2))
    assert dict(flow.graph().nodes["2"].inputs) == {"x": Link("1", 0), "y": [1, 2]}
    with pytest.raises(TypeError):
        list(step)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from os import system",
        "from engine import Flow as F; F().system()",
        "__import__('os').system('true')",
        "flow.__class__.__init__(flow)",
        "flow._nodes.clear()",
        "x = flow.A(y=open('/etc/passwd').read())",
        "x = flow.A(y=[z for z in (1,)])",
        "x = flow.A(y=f'{1}')",
        "x = flow.A(y=flow)",
        "x = flow.A(*[1])",
        "x = flow.A(**{1: 2})",
        "x = flow.A(y=1 + 1)",
        "x = flow.A(y=lambda: 1)",
        "x = flow.A(y=b'1')",
        "x = flow.A(y=1j)",
        "x = flow.A(y=float('nan'))",
        "x = flow.A(y=unknown[0])",
        "x = flow.keep('nobody')",
        "if True:\n    flow.A()",
        "def f(): pass",
        "flow.A('1'); flow.A('1')",
        "graph = flow.graph(order=['7'])",
        "flow = Flow()",
    ],
)
def test_scripts_that_do_anything_else_are_refused(line: str) -> None:
    with pytest.raises(WorkflowFormatError, match=r"line \d+ of mine\.py"):
        read_script(f"{HEAD}{line}\ngraph = flow.graph()\n", "mine.py")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = (",
        "\0",
        "[" * 5000,
        "x = " + "-" * 50_000 + "1",
        f"{HEAD}flow.A(x={'[' * 150}{']' * 150})\ngraph = flow.graph()",
        b"\xff\xfe\x00",
        "# coding: nothing\n",
        f"{HEAD}flow.A(x={'9' * 5000})\n",
    ],
)
def test_hostile_scripts_are_refused_with_a_sentence(text: str | bytes) -> None:
    with pytest.raises(WorkflowFormatError, match=r"mine\.py"):
        read_script(text, "mine.py")
