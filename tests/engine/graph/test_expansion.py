from __future__ import annotations

from typing import Any

import pytest

from engine.errors import WorkflowFormatError
from engine.graph.conversion import Converted, convert
from engine.graph.model import Link
from engine.graph.ui_format import read_ui
from tests.engine.graph.declared_kinds import Kinds, canvas, link


def run(data: dict[str, Any], kinds: Kinds) -> Converted:
    return convert(read_ui(data), kinds.get)


def wire(id_: int, source: int, slot: int, target: int, place: int) -> dict[str, Any]:
    return {
        "id": id_,
        "origin_id": source,
        "origin_slot": slot,
        "target_id": target,
        "target_slot": place,
        "type": "*",
    }


def port(name: str, kind: str, *links: int) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "linkIds": list(links)}


def upscale(id_: str = "up") -> dict[str, Any]:
    """A subgraph: latent and width in, an upscaled latent out."""
    return {
        "id": id_,
        "version": 1,
        "name": "Up",
        "inputs": [port("latent", "LATENT", 1), port("width", "INT", 2)],
        "outputs": [port("LATENT", "LATENT", 3)],
        "nodes": [
            {
                "id": 5,
                "type": "LatentUpscale",
                "mode": 0,
                "inputs": [
                    {"name": "samples", "type": "LATENT", "link": 1},
                    {"name": "width", "type": "INT", "link": 2, "widget": {"name": "width"}},
                ],
                "outputs": [{"name": "LATENT", "type": "LATENT", "links": [3]}],
                "widgets_values": ["bilinear", 16, 24, "disabled"],
            }
        ],
        "links": [wire(1, -10, 0, 5, 0), wire(2, -10, 1, 5, 1), wire(3, 5, 0, -20, 0)],
    }


def around(shell: dict[str, Any], *definitions: dict[str, Any]) -> dict[str, Any]:
    """A canvas: an empty latent, an instance, and a decoder behind it."""
    nodes = [
        {"id": 1, "type": "EmptyLatentImage", "widgets_values": [8, 8, 1]},
        {
            "id": 12,
            "mode": 0,
            "inputs": [{"name": "latent", "type": "LATENT", "link": 1}],
            "outputs": [{"name": "LATENT", "type": "LATENT", "links": [2]}],
            **shell,
        },
        {
            "id": 3,
            "type": "VAEDecode",
            "inputs": [{"name": "samples", "type": "LATENT", "link": 2}],
        },
    ]
    links = [link(1, 1, 0, 12, 0), link(2, 12, 0, 3, 0)]
    return canvas(nodes, links, definitions={"subgraphs": list(definitions)})


def test_what_is_inside_is_named_by_its_path_and_linked_through(comfy: Kinds) -> None:
    graph = run(around({"type": "up", "widgets_values": [99]}, upscale()), comfy).graph
    assert list(graph.nodes) == ["1", "12:5", "3"]
    assert graph.nodes["12:5"].inputs["samples"] == Link("1", 0)
    assert graph.nodes["3"].inputs["samples"] == Link("12:5", 0)


def test_the_instances_widget_sets_the_one_inside(comfy: Kinds) -> None:
    graph = run(around({"type": "up", "widgets_values": [99]}, upscale()), comfy).graph
    assert graph.nodes["12:5"].inputs["width"] == 99


def test_without_a_value_of_the_instance_the_inner_one_stays(comfy: Kinds) -> None:
    graph = run(around({"type": "up"}, upscale()), comfy).graph
    assert graph.nodes["12:5"].inputs["width"] == 16


def test_proxy_widgets_name_their_targets(comfy: Kinds) -> None:
    shell = {
        "type": "up",
        "widgets_values": ["area", 77, 55],
        "properties": {"proxyWidgets": [["5", "upscale_method"], ["-1", "width"], [5, "height"]]},
    }
    inputs = run(around(shell, upscale()), comfy).graph.nodes["12:5"].inputs
    assert (inputs["upscale_method"], inputs["width"], inputs["height"]) == ("area", 77, 55)


def test_two_instances_have_values_of_their_own(comfy: Kinds) -> None:
    shells = [{"id": id_, "type": "up", "widgets_values": [id_], "outputs": []} for id_ in (20, 21)]
    graph = run(canvas(shells, [], definitions={"subgraphs": [upscale()]}), comfy).graph
    assert [node.inputs["width"] for node in graph.nodes.values()] == [20, 21]


@pytest.mark.parametrize("mode", [2, 4])
def test_a_muted_or_bypassed_instance_hides_what_is_inside(comfy: Kinds, mode: int) -> None:
    graph = run(around({"type": "up", "mode": mode}, upscale()), comfy).graph
    assert list(graph.nodes) == ["1", "3"]
    expected = {} if mode == 2 else {"samples": Link("1", 0)}
    assert dict(graph.nodes["3"].inputs) == expected


def test_nested_subgraphs_hand_their_links_and_values_down(comfy: Kinds) -> None:
    outer = {
        "id": "outer",
        "name": "Outer",
        "inputs": [port("latent", "LATENT", 1), port("width", "INT", 2)],
        "outputs": [port("LATENT", "LATENT", 3)],
        "nodes": [
            {
                "id": 7,
                "type": "up",
                "mode": 0,
                "inputs": [
                    {"name": "latent", "type": "LATENT", "link": 1},
                    {"name": "width", "type": "INT", "link": 2, "widget": {"name": "width"}},
                ],
                "outputs": [{"name": "LATENT", "type": "LATENT", "links": [3]}],
                "widgets_values": [1],
            }
        ],
        "links": [wire(1, -10, 0, 7, 0), wire(2, -10, 1, 7, 1), wire(3, 7, 0, -20, 0)],
    }
    graph = run(around({"type": "outer", "widgets_values": [42]}, outer, upscale()), comfy).graph
    assert list(graph.nodes) == ["1", "12:7:5", "3"]
    assert graph.nodes["12:7:5"].inputs["width"] == 42
    assert graph.nodes["12:7:5"].inputs["samples"] == Link("1", 0)
    assert graph.nodes["3"].inputs["samples"] == Link("12:7:5", 0)


def test_proxies_reach_through_a_nested_instance(comfy: Kinds) -> None:
    outer = {
        "id": "outer",
        "name": "Outer",
        "inputs": [],
        "outputs": [],
        "nodes": [{"id": 7, "type": "up", "mode": 0, "widgets_values": [1]}],
        "links": [],
    }
    shell = {
        "type": "outer",
        "widgets_values": [31],
        "properties": {"proxyWidgets": [["7", "width"]]},
    }
    graph = run(around(shell, outer, upscale()), comfy).graph
    assert graph.nodes["12:7:5"].inputs["width"] == 31


def test_subgraphs_that_contain_themselves_are_refused(comfy: Kinds) -> None:
    endless = upscale()
    endless["nodes"].append({"id": 6, "type": "up", "mode": 0})
    with pytest.raises(WorkflowFormatError, match="in a circle"):
        run(around({"type": "up"}, endless), comfy)


def test_subgraphs_that_unfold_to_a_bomb_are_refused(comfy: Kinds) -> None:
    definitions = [upscale("s0")]
    for level in range(1, 31):
        nodes = [{"id": id_, "type": f"s{level - 1}", "mode": 0} for id_ in (1, 2)]
        definitions.append({"id": f"s{level}", "name": "x", "nodes": nodes, "links": []})
    with pytest.raises(WorkflowFormatError, match="unfold to more than 100000 nodes"):
        run(around({"type": "s30"}, *definitions), comfy)


def group_node() -> dict[str, Any]:
    """A legacy group: an empty latent, its batch size hidden, and a sampler that takes it."""
    return {
        "nodes": [
            {
                "id": -1,
                "index": 0,
                "type": "EmptyLatentImage",
                "inputs": [],
                "outputs": [{"name": "LATENT", "type": "LATENT", "links": []}],
                "widgets_values": [8, 8, 1],
            },
            {
                "id": -1,
                "index": 1,
                "type": "KSampler",
                "inputs": [
                    {"name": "model", "type": "MODEL", "link": None},
                    {"name": "latent_image", "type": "LATENT", "link": None},
                ],
                "outputs": [{"name": "LATENT", "type": "LATENT", "links": []}],
                "widgets_values": [1, "fixed", 20, 8, "euler", "normal", 1],
            },
        ],
        "links": [[0, 0, 1, 1, 3, "LATENT"]],
        "external": [[1, 0, "LATENT"]],
        "config": {"0": {"input": {"batch_size": {"visible": False}}}},
    }


def test_group_nodes_are_unfolded_with_their_values_and_links(comfy: Kinds) -> None:
    nodes = [
        {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["a"]},
        {
            "id": 4,
            "type": "workflow>mine",
            "mode": 0,
            "inputs": [{"name": "model", "type": "MODEL", "link": 1}],
            "outputs": [{"name": "LATENT", "type": "LATENT", "links": [2]}],
            "widgets_values": [64, 32, 2, 5, "randomize", 11, 2.5, "heun", "karras", 0.5],
        },
        {
            "id": 9,
            "type": "VAEDecode",
            "inputs": [{"name": "samples", "type": "LATENT", "link": 2}],
        },
    ]
    links = [link(1, 1, 0, 4, 0, "MODEL"), link(2, 4, 0, 9, 0, "LATENT")]
    data = canvas(nodes, links, extra={"groupNodes": {"mine": group_node()}})
    graph = run(data, comfy).graph
    assert list(graph.nodes) == ["1", "4:0", "4:1", "9"]
    assert dict(graph.nodes["4:0"].inputs) == {"width": 64, "height": 32, "batch_size": 2}
    assert dict(graph.nodes["4:1"].inputs) == {
        "seed": 5,
        "steps": 11,
        "cfg": 2.5,
        "sampler_name": "heun",
        "scheduler": "karras",
        "denoise": 0.5,
        "model": Link("1", 0),
        "latent_image": Link("4:0", 0),
    }
    assert graph.nodes["9"].inputs["samples"] == Link("4:1", 0)


def test_a_group_node_without_its_group_stays_as_an_unknown_kind(comfy: Kinds) -> None:
    graph = run(canvas([{"id": 4, "type": "workflow/gone", "mode": 0}], []), comfy).graph
    assert graph.nodes["4"].type == "workflow/gone"
