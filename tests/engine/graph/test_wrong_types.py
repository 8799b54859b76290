from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from engine.errors import LoomError
from engine.graph.workflow_file import load_workflow, to_graph
from tests.engine.graph.declared_kinds import canvas

if TYPE_CHECKING:
    from tests.engine.graph.declared_kinds import Kinds

WRONG = st.sampled_from([None, 5, "x", [], {}, [None], {"a": 1}, True, -1, [[1]], 1.5])


@given(st.data())
def test_no_wrong_type_anywhere_in_a_canvas_ends_in_a_traceback(comfy: Kinds, data: Any) -> None:
    canvas_ = json.loads(json.dumps(FULL))
    place: Any = canvas_
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        place[key] = data.draw(WRONG)
        break
    with contextlib.suppress(LoomError):
        to_graph(load_workflow(canvas_), comfy.get)


def _full() -> dict[str, Any]:
    group = {
        "nodes": [{"type": "EmptyLatentImage", "widgets_values": [8, 8, 1], "outputs": [{}]}],
        "links": [[0, 0, 0, 0, 1, "LATENT"]],
        "external": [[0, 0, "LATENT"]],
        "config": {"0": {"input": {"width": {"visible": False, "name": "w"}}, "output": {}}},
    }
    definition = {
        "id": "sub",
        "name": "Sub",
        "inputs": [{"id": "a", "name": "seed", "type": "INT", "linkIds": [1]}],
        "outputs": [{"id": "b", "name": "LATENT", "type": "LATENT", "linkIds": [2]}],
        "nodes": [
            {
                "id": 1,
                "type": "KSampler",
                "mode": 0,
                "inputs": [{"name": "seed", "type": "INT", "link": 1, "widget": {"name": "seed"}}],
                "outputs": [{"name": "LATENT", "type": "LATENT", "links": [2]}],
                "widgets_values": [1, "fixed", 20, 8, "euler", "normal", 1],
                "properties": {"latentloom": {"absent": ["cfg"], "inputs": {"x": ["1", 0]}}},
            }
        ],
        "links": [
            {
                "id": 1,
                "origin_id": -10,
                "origin_slot": 0,
                "target_id": 1,
                "target_slot": 0,
                "type": "INT",
            },
            {
                "id": 2,
                "origin_id": 1,
                "origin_slot": 0,
                "target_id": -20,
                "target_slot": 0,
                "type": "LATENT",
            },
        ],
    }
    nodes = [
        {
            "id": 1,
            "type": "sub",
            "mode": 0,
            "widgets_values": [5],
            "properties": {"proxyWidgets": [["-1", "seed"], ["1", "cfg"]]},
            "outputs": [{"name": "LATENT", "type": "LATENT", "links": [3]}],
        },
        {"id": 2, "type": "workflow>g", "mode": 0, "widgets_values": [8, 8]},
        {
            "id": 3,
            "type": "LatentUpscale",
            "mode": 4,
            "inputs": [{"name": "samples", "type": "LATENT", "link": 3}],
            "outputs": [{"name": "LATENT", "type": "LATENT", "links": [4]}],
        },
        {
            "id": 4,
            "type": "Reroute",
            "inputs": [{"name": "", "type": "*", "link": 4}],
            "outputs": [{"name": "", "type": "*", "links": [5]}],
        },
        {
            "id": 5,
            "type": "SaveImage",
            "title": "Save",
            "inputs": [{"name": "images", "type": "IMAGE", "link": 5}],
            "widgets_values": ["%Save.filename_prefix%%date:yy%"],
            "properties": {"Node name for S&R": "SaveImage"},
        },
        {"id": 6, "type": "SetNode", "widgets_values": ["a"], "inputs": []},
        {"id": 7, "type": "PrimitiveNode", "widgets_values": [3]},
    ]
    links = [[3, 1, 0, 3, 0, "LATENT"], [4, 3, 0, 4, 0, "LATENT"], [5, 4, 0, 5, 0, "*"]]
    return canvas(
        nodes, links, definitions={"subgraphs": [definition]}, extra={"groupNodes": {"g": group}}
    )


FULL = _full()
