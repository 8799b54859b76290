from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given

from engine.graph.api_format import write_api
from engine.graph.canvas_writer import draw, layers
from engine.graph.conversion import convert
from engine.graph.flow import Flow
from engine.graph.ui_format import read_ui
from tests.engine.graph.declared_kinds import canonical
from tests.engine.graph.graphs import graphs

if TYPE_CHECKING:
    from engine.graph.model import Graph
    from tests.engine.graph.declared_kinds import Kinds


def picture() -> Graph:
    flow = Flow()
    checkpoint = flow.CheckpointLoaderSimple("4", ckpt_name="a")
    positive = flow.CLIPTextEncode("6", "Positive", clip=checkpoint[1], text="x" * 80)
    latent = flow.EmptyLatentImage("5", width=64, height=64, batch_size=1)
    sampler = flow.KSampler(
        "3",
        model=checkpoint[0],
        seed=2**64 - 1,
        positive=positive[0],
        negative=positive[0],
        latent_image=latent[0],
        cfg=2.5,
    )
    flow.SaveImage("12:9", images=flow.VAEDecode("8", samples=sampler[0], vae=checkpoint[2]))
    return flow.graph()


def test_nodes_stand_to_the_right_of_what_feeds_them_and_never_on_each_other(comfy: Kinds) -> None:
    graph = picture()
    drawn = {str(node["id"]): node for node in draw(graph, comfy.get)["nodes"]}
    for node in graph.nodes.values():
        for _, link in node.links():
            assert drawn[link.node]["pos"][0] < drawn[node.id]["pos"][0]
            assert drawn[link.node]["order"] < drawn[node.id]["order"]
    boxes = [(*node["pos"], *node["size"]) for node in drawn.values()]
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[:index]:
            apart = x >= other_x + other_width or other_x >= x + width
            assert apart or y >= other_y + other_height or other_y >= y + height


def test_a_drawn_canvas_is_what_the_editor_would_save(comfy: Kinds) -> None:
    document = draw(picture(), comfy.get)
    sampler = next(node for node in document["nodes"] if node["id"] == 3)
    values = [2**64 - 1, "fixed", 20, 2.5, "euler", "simple", 1.0]
    assert sampler["widgets_values"] == values
    assert [one["name"] for one in sampler["inputs"] if one["link"]] == [
        "model",
        "positive",
        "negative",
        "latent_image",
    ]
    assert sampler["outputs"] == [{"name": "LATENT", "type": "LATENT", "links": [6]}]
    assert [6, 3, 0, 8, 0, "LATENT"] in document["links"]
    assert document["last_node_id"] == 8
    assert document["last_link_id"] == len(document["links"]) == 8


def test_a_drawn_canvas_converts_back_to_the_same_graph(comfy: Kinds) -> None:
    graph = picture()
    drawn = json.loads(json.dumps(draw(graph, comfy.get)))
    converted = convert(read_ui(drawn), comfy.get)
    assert canonical(write_api(converted.graph)) == canonical(write_api(graph))
    assert not converted.notes


@given(graphs())
def test_any_graph_survives_being_drawn(comfy: Kinds, graph: Graph) -> None:
    drawn = json.loads(json.dumps(draw(graph, comfy.get)))
    again = convert(read_ui(drawn), comfy.get)
    assert again.graph == graph


def test_nodes_of_a_cycle_share_a_column() -> None:
    flow = Flow()
    flow.A("1", x=flow.link("2"))
    flow.A("2", x=flow.link("1"))
    flow.A("3", x=flow.link("2"))
    assert layers(flow.graph()) == {"1": 0, "2": 0, "3": 1}
