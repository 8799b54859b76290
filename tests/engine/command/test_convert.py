from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Loom

GRAPH = {
    "1": {"class_type": "ToyNumber", "inputs": {"value": 3, "seed": 0}},
    "2": {"class_type": "ToyAdd", "inputs": {"a": ["1", 0], "b": 4, "factor": 1.0}},
    "3": {"class_type": "ToyShow", "inputs": {"value": ["2", 0]}},
}


def test_a_graph_says_what_only_the_canvas_has(toy_loom: Loom, toy_base: Path) -> None:
    canvas = json.loads(toy_loom("convert", "-", "--to", "ui", stdin=json.dumps(GRAPH)).out)
    text = {"id": 9, "type": "Note", "widgets_values": ["remember this"]}
    canvas["nodes"] = [*canvas["nodes"], text]
    canvas["nodes"][2]["mode"] = 2
    canvas["groups"] = [{"title": "Inputs", "bounding": [0, 0, 10, 10]}]
    path = toy_base / "canvas.json"
    path.write_text(json.dumps(canvas))
    done = toy_loom.inside("convert", path, "--to", "python")
    for what in ("1 note", "1 muted node", "1 group frame"):
        assert f"only the canvas has {what}\n" in done.err
    assert "only the canvas" not in toy_loom.inside("convert", path, "--to", "ui").err
