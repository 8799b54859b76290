from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from engine.declare.spec import InputSpec, NodeSpec, OutputSpec
from engine.graph.conversion import Converted, convert
from engine.graph.model import Link
from engine.graph.ui_format import read_ui
from tests.engine.graph.declared_kinds import Kind, Kinds, canvas, link

if TYPE_CHECKING:
    from engine.graph.model import Graph

NOW = datetime.datetime(2026, 3, 7, 9, 5, 2, tzinfo=datetime.UTC)


def run(data: dict[str, Any], kinds: Kinds, *, seed: int = 0) -> Converted:
    return convert(read_ui(data), kinds.get, seed=seed, now=NOW)


def node(id_: Any, type_: str, values: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "widgets_values": values, "mode": 0, **more}


def socket(name: str, kind: str, link_: int | None = None, *, widget: bool = False) -> Any:
    return {"name": name, "type": kind, "link": link_} | (
        {"widget": {"name": name}} if widget else {}
    )


def out(name: str, *links: int) -> dict[str, Any]:
    return {"name": name, "type": name, "links": list(links) or None}


def inputs(graph: Graph, id_: str) -> dict[str, Any]:
    return dict(graph.nodes[id_].inputs)


def test_a_sampler_gets_its_widgets_by_position_and_loses_what_only_the_editor_knows(
    comfy: Kinds,
) -> None:
    sampler = node(3, "KSampler", [1234, "randomize", 20, 8, "euler", "normal", 0.5])
    graph = run(canvas([sampler], []), comfy).graph
    assert inputs(graph, "3") == {
        "seed": 1234,
        "steps": 20,
        "cfg": 8,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 0.5,
    }


def test_an_upload_button_takes_a_place_at_the_end_and_reaches_no_node(comfy: Kinds) -> None:
    nodes = [
        node(1, "LoadImage", ["cat.png", "image"]),
        node(2, "LoadImageMask", ["cat.png", "alpha", "image"]),
    ]
    converted = run(canvas(nodes, []), comfy)
    assert inputs(converted.graph, "1") == {"image": "cat.png"}
    assert inputs(converted.graph, "2") == {"image": "cat.png", "channel": "alpha"}
    assert not converted.notes


def test_links_replace_the_values_of_converted_widgets(comfy: Kinds) -> None:
    nodes = [
        node(1, "PrimitiveInt", [7, "fixed"], outputs=[out("INT", 5)]),
        node(
            2,
            "EmptyLatentImage",
            [512, 512, 1],
            inputs=[socket("width", "INT", 5, widget=True), socket("height", "INT", widget=True)],
        ),
    ]
    graph = run(canvas(nodes, [link(5, 1, 0, 2, 0)]), comfy).graph
    assert inputs(graph, "2") == {"width": Link("1", 0), "height": 512, "batch_size": 1}


def test_missing_values_at_the_end_are_defaults(comfy: Kinds) -> None:
    graph = run(canvas([node(1, "EmptyLatentImage", [64])], []), comfy).graph
    assert inputs(graph, "1") == {"width": 64, "height": 512, "batch_size": 1}


def test_values_by_name_are_taken_by_name(comfy: Kinds) -> None:
    values = {"height": 32, "width": 64, "preview": {"hidden": True}}
    converted = run(canvas([node(1, "EmptyLatentImage", values)], []), comfy)
    assert inputs(converted.graph, "1") == {"width": 64, "height": 32, "batch_size": 1}
    assert [note.kind for note in converted.notes] == ["widget_values_left_over"]


def test_a_primitive_writes_its_value_into_what_it_is_linked_to(comfy: Kinds) -> None:
    nodes = [
        node(1, "PrimitiveNode", [9, "increment"], outputs=[out("INT", 1)]),
        node(2, "Reroute", None, inputs=[socket("", "*", 1)], outputs=[out("", 2)]),
        node(3, "EmptyLatentImage", [8, 8, 1], inputs=[socket("width", "INT", 2, widget=True)]),
    ]
    graph = run(canvas(nodes, [link(1, 1, 0, 2, 0), link(2, 2, 0, 3, 0)]), comfy).graph
    assert list(graph.nodes) == ["3"]
    assert inputs(graph, "3")["width"] == 9


def test_reroutes_notes_and_native_reroutes_leave_no_trace(comfy: Kinds) -> None:
    nodes = [
        node(1, "EmptyLatentImage", [8, 8, 1], outputs=[out("LATENT", 1)]),
        node(2, "Reroute", None, inputs=[socket("", "*", 1)], outputs=[out("", 2)]),
        node(3, "Reroute", None, inputs=[socket("", "*", 2)], outputs=[out("", 3)]),
        node(4, "VAEDecode", [], inputs=[socket("samples", "LATENT", 3)]),
        node(5, "Note", ["hello"]),
        node(6, "MarkdownNote", ["# hello"]),
    ]
    links = [link(1, 1, 0, 2, 0), link(2, 2, 0, 3, 0), link(3, 3, 0, 4, 0)]
    extra = {"reroutes": [{"id": 1, "pos": [0, 0], "linkIds": [3]}]}
    converted = run(canvas(nodes, links, extra=extra), comfy)
    assert list(converted.graph.nodes) == ["1", "4"]
    assert inputs(converted.graph, "4") == {"samples": Link("1", 0)}
    assert not converted.notes


def test_a_muted_source_leaves_the_input_open_and_says_so(comfy: Kinds) -> None:
    nodes = [
        node(1, "EmptyLatentImage", [8, 8, 1], mode=2, outputs=[out("LATENT", 1)]),
        node(4, "VAEDecode", [], inputs=[socket("samples", "LATENT", 1)]),
    ]
    converted = run(canvas(nodes, [link(1, 1, 0, 4, 0)]), comfy)
    assert list(converted.graph.nodes) == ["4"]
    assert inputs(converted.graph, "4") == {}
    note = converted.notes[0]
    assert (note.node, note.input, note.kind) == ("4", "samples", "link_without_source")
    assert "node 1, is muted" in note.message


def test_a_muted_source_of_a_converted_widget_leaves_the_widgets_own_value(comfy: Kinds) -> None:
    nodes = [
        node(1, "PrimitiveInt", [7, "fixed"], mode=2, outputs=[out("INT", 5)]),
        node(2, "EmptyLatentImage", [64, 8, 1], inputs=[socket("width", "INT", 5, widget=True)]),
    ]
    converted = run(canvas(nodes, [link(5, 1, 0, 2, 0)]), comfy)
    assert inputs(converted.graph, "2")["width"] == 64
    assert "its own value is used" in converted.notes[0].message


def test_a_bypassed_lora_loader_passes_on_model_and_clip(comfy: Kinds) -> None:
    nodes = [
        node(1, "CheckpointLoaderSimple", ["a"], outputs=[out("MODEL", 1), out("CLIP", 2)]),
        node(
            2,
            "LoraLoader",
            ["l", 1, 1],
            mode=4,
            inputs=[socket("model", "MODEL", 1), socket("clip", "CLIP", 2)],
            outputs=[out("MODEL", 3), out("CLIP", 4)],
        ),
        node(3, "KSampler", [0, "fixed"], inputs=[socket("model", "MODEL", 3)]),
        node(4, "CLIPTextEncode", ["x"], inputs=[socket("clip", "CLIP", 4)]),
    ]
    links = [
        link(1, 1, 0, 2, 0, "MODEL"),
        link(2, 1, 1, 2, 1, "CLIP"),
        link(3, 2, 0, 3, 0, "MODEL"),
        link(4, 2, 1, 4, 0, "CLIP"),
    ]
    graph = run(canvas(nodes, links), comfy).graph
    assert inputs(graph, "3")["model"] == Link("1", 0)
    assert inputs(graph, "4")["clip"] == Link("1", 1)
    assert "2" not in graph.nodes


def test_a_bypassed_decoder_has_nothing_to_pass_on_to_an_image_input(comfy: Kinds) -> None:
    nodes = [
        node(1, "EmptyLatentImage", [8, 8, 1], outputs=[out("LATENT", 1)]),
        node(
            2,
            "VAEDecode",
            [],
            mode=4,
            inputs=[socket("samples", "LATENT", 1), socket("vae", "VAE")],
            outputs=[out("IMAGE", 2)],
        ),
        node(3, "SaveImage", ["x"], inputs=[socket("images", "IMAGE", 2)]),
    ]
    converted = run(canvas(nodes, [link(1, 1, 0, 2, 0), link(2, 2, 0, 3, 0)]), comfy)
    assert "images" not in inputs(converted.graph, "3")
    assert "none of its inputs fits" in converted.notes[0].message


def test_dangling_links_and_links_in_a_circle_are_told(comfy: Kinds) -> None:
    nodes = [
        node(1, "VAEDecode", [], inputs=[socket("samples", "LATENT", 77)]),
        node(2, "VAEDecode", [], inputs=[socket("samples", "LATENT", 1)]),
        node(3, "Reroute", None, inputs=[socket("", "*", 2)], outputs=[out("", 3)]),
        node(4, "Reroute", None, inputs=[socket("", "*", 3)], outputs=[out("", 2)]),
        node(5, "VAEDecode", [], inputs=[socket("samples", "LATENT", 3)]),
    ]
    links = [link(1, 99, 0, 2, 0), link(2, 4, 0, 3, 0), link(3, 3, 0, 4, 0)]
    notes = {note.node: note.message for note in run(canvas(nodes, links), comfy).notes}
    assert "link 77 does not exist" in notes["1"]
    assert "node 99, does not exist" in notes["2"]
    assert "leads back to itself" in notes["5"]


def test_get_and_set_nodes_are_wires_without_a_line(comfy: Kinds) -> None:
    nodes = [
        node(1, "EmptyLatentImage", [8, 8, 1], outputs=[out("LATENT", 1)]),
        node(2, "SetNode", ["here"], inputs=[socket("LATENT", "LATENT", 1)]),
        node(3, "GetNode", ["here"], outputs=[out("LATENT", 2)]),
        node(4, "VAEDecode", [], inputs=[socket("samples", "LATENT", 2)]),
    ]
    graph = run(canvas(nodes, [link(1, 1, 0, 2, 0), link(2, 3, 0, 4, 0)]), comfy).graph
    assert inputs(graph, "4") == {"samples": Link("1", 0)}
    assert list(graph.nodes) == ["1", "4"]


def test_unknown_kinds_stay_with_values_named_by_their_sockets(comfy: Kinds) -> None:
    nodes = [
        node(
            1,
            "SomethingElse",
            [5, "randomize", "text"],
            inputs=[socket("seed", "INT", widget=True), socket("words", "STRING", widget=True)],
        ),
        node(2, "SomethingElse", [5]),
        node(3, "SomethingElse", [5], widgets_values_named={"seed": 5}),
    ]
    converted = run(canvas(nodes, []), comfy)
    assert inputs(converted.graph, "1") == {"seed": 5, "words": "text"}
    assert inputs(converted.graph, "3") == {"seed": 5}
    assert [(note.kind, note.node) for note in converted.notes] == [("unknown_widget_values", "2")]


def test_dynamic_prompts_are_chosen_by_the_seed(comfy: Kinds) -> None:
    data = canvas([node(1, "CLIPTextEncode", ["a {red|green|blue} /* no */apple // end"])], [])
    texts = {inputs(run(data, comfy, seed=seed).graph, "1")["text"] for seed in range(30)}
    assert texts == {f"a {colour} apple " for colour in ("red", "green", "blue")}
    once, again = (run(data, comfy, seed=3).graph for _ in range(2))
    assert once == again


def test_file_name_prefixes_get_dates_and_the_values_of_widgets(comfy: Kinds) -> None:
    prefix = "%date:yyyy-MM-dd_hh%/%Mine.steps%-%KSampler.sampler_name%_%width%_%No.x%"
    nodes = [
        node(1, "KSampler", [0, "fixed", 20, 8, "euler", "normal", 1], title="Mine"),
        node(
            2,
            "KSampler",
            [0, "fixed", 3, 8, "a/b", "normal", 1],
            properties={"Node name for S&R": "KSampler"},
        ),
        node(9, "SaveImage", [prefix]),
    ]
    converted = run(canvas(nodes, []), comfy)
    expected = "2026-03-07_09/20-a_b_%width%_%No.x%"
    assert inputs(converted.graph, "9")["filename_prefix"] == expected
    assert [note.kind for note in converted.notes] == ["unknown_reference"]


def test_titles_are_the_users_or_the_kinds(comfy: Kinds) -> None:
    nodes = [node(1, "LoadImage", ["x"]), node(2, "LoadImage", ["x"], title="Cat")]
    graph = run(canvas(nodes, []), comfy).graph
    assert [one.title for one in graph.nodes.values()] == ["Load Image", "Cat"]


def test_schema_1_links_are_objects(comfy: Kinds) -> None:
    data = {
        "version": 1,
        "state": {"lastNodeId": 4, "lastLinkId": 1},
        "nodes": [
            node("1", "EmptyLatentImage", [8, 8, 1], outputs=[out("LATENT", 1)]),
            node(4, "VAEDecode", [], inputs=[socket("samples", "LATENT", 1)]),
        ],
        "links": [
            {
                "id": 1,
                "origin_id": "1",
                "origin_slot": "0",
                "target_id": 4,
                "target_slot": 0,
                "type": "LATENT",
                "parentId": 3,
            }
        ],
        "reroutes": [{"id": 3, "pos": [0, 0], "linkIds": [1]}],
    }
    assert inputs(run(data, comfy).graph, "4") == {"samples": Link("1", 0)}


def test_inputs_that_depend_on_a_choice_follow_it_in_the_values() -> None:
    options = [
        {"key": "scale", "inputs": {"required": {"factor": ["FLOAT", {"default": 2.0}]}}},
        {"key": "crop", "inputs": {"required": {"w": ["INT", {}], "h": ["INT", {}]}}},
    ]
    how = InputSpec(name="how", type="COMFY_DYNAMICCOMBO_V3", options={"options": options})
    after = InputSpec(name="after", type="STRING", default="")
    spec = NodeSpec(
        id="Resize",
        title="Resize",
        inputs=(how, after),
        outputs=(OutputSpec(name="I", type="IMAGE"),),
    )
    kinds = Kinds(Kind(spec))
    nodes = [node(1, "Resize", ["crop", 3, 4, "z"]), node(2, "Resize", ["scale", 1.5, "z"])]
    graph = run(canvas(nodes, []), kinds).graph
    assert inputs(graph, "1") == {"how": "crop", "how.w": 3, "how.h": 4, "after": "z"}
    assert inputs(graph, "2") == {"how": "scale", "how.factor": 1.5, "after": "z"}
