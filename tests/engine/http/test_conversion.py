"""`/workflow/convert` gives a workflow in every other form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import Engine
from tests.engine.http.site import Answer, Site

ROOT = Path(__file__).resolve().parents[3]
CANVAS = json.loads((ROOT / "workflows" / "text_to_image.json").read_text())
API = {
    "1": {"class_type": "PrimitiveInt", "inputs": {"value": 2**64 - 1}, "_meta": {"title": "Big"}},
    "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
}


def convert(site: Site, workflow: Any, to: str) -> Answer:
    body = json.dumps({"workflow": workflow, "to": to})
    return site.ask("POST", "/api/workflow/convert", body)


def test_what_runs_becomes_a_canvas_and_comes_back_the_same(site: Site) -> None:
    drawn = convert(site, API, "ui").json
    assert [node["type"] for node in drawn["workflow"]["nodes"]] == ["PrimitiveInt", "PreviewAny"]
    back = convert(site, drawn["workflow"], "api").json
    assert back["workflow"]["1"]["inputs"] == {"value": 2**64 - 1}
    assert back["workflow"]["2"]["inputs"]["source"] == ["1", 0]


def test_a_canvas_is_exported_as_what_would_run(site: Site, tmp_path: Path) -> None:
    exported = convert(site, CANVAS, "api").json["workflow"]
    with Engine(base=tmp_path) as loom:
        meant, read = loom.load(CANVAS).graph, loom.load(exported).graph
    assert {id_: dict(node.inputs) for id_, node in read.nodes.items()} == {
        id_: dict(node.inputs) for id_, node in meant.nodes.items()
    }


def test_a_python_script_is_read_back_as_the_same_graph(site: Site, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(convert(site, API, "python").json["text"])
    with Engine(base=tmp_path) as loom:
        assert loom.load(script).graph.nodes["1"].inputs == {"value": 2**64 - 1}


def test_what_only_the_canvas_has_is_told(site: Site) -> None:
    canvas = convert(site, API, "ui").json["workflow"]
    canvas["groups"] = [{"title": "Inputs", "bounding": [0, 0, 10, 10]}]
    assert "only the canvas has 1 group frame" in convert(site, canvas, "api").json["notes"]
    assert convert(site, canvas, "ui").json["notes"] == []


def test_widgets_of_packs_get_their_names_from_a_worker(wire: Site) -> None:
    node = {"id": 1, "type": "WireSteps", "widgets_values": [5, 7]}
    canvas = {"nodes": [node], "links": [], "version": 0.4}
    exported = convert(wire, canvas, "api").json["workflow"]
    assert exported["1"]["inputs"] == {"value": 5, "steps": 7}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is not what this route takes"),
        (b"{", "JSON"),
        (b'{"workflow": {}, "to": "xml"}', "the body is not what this route takes"),
        (b'{"workflow": [], "to": "ui"}', "the body is not what this route takes"),
        (b'{"workflow": {"a": 1}, "to": "ui"}', "holds no workflow"),
        (b'{"workflow": {"nodes": 3, "links": []}, "to": "api"}', "workflow"),
    ],
)
def test_what_is_no_workflow_is_refused_in_a_sentence(site: Site, body: bytes, words: str) -> None:
    answer = site.ask("POST", "/workflow/convert", body)
    assert answer.status == 400
    assert words in answer.json["error"]["message"]
