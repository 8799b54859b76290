from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.declare.registry import Registry
from engine.graph.api_format import read_api, write_api
from engine.graph.canvas import BYPASSED, MUTED
from engine.graph.canvas_writer import draw
from engine.graph.conversion import convert
from engine.graph.script import write_script
from engine.graph.script_reader import read_script
from engine.graph.sources import VIRTUAL
from engine.graph.ui_format import read_ui, write_ui
from engine.graph.validate import validate
from engine.graph.widget_values import slots
from engine.graph.workflow_file import load_workflow, to_graph
from tests.engine.graph.declared_kinds import canonical

if TYPE_CHECKING:
    from pathlib import Path

    from engine.declare.spec import NodeSpec
    from tests.engine.graph.declared_kinds import Kinds


def _sheets(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [data, *(data.get("definitions") or {}).get("subgraphs", [])]


def test_there_are_many_templates(templates: list[Path]) -> None:
    assert len(templates) == 75


def test_every_template_is_read_and_written_without_loss(templates: list[Path]) -> None:
    for path in templates:
        data = json.loads(path.read_text(encoding="utf-8"))
        file = load_workflow(path)
        assert file.canvas is not None
        assert canonical(write_ui(file.canvas)) == canonical(data), path.name


def test_the_views_show_every_node_link_and_value_of_every_template(templates: list[Path]) -> None:
    for path in templates:
        data = json.loads(path.read_text(encoding="utf-8"))
        read = read_ui(data)
        sheets = [read.sheet, *(one.sheet for one in read.definitions.values())]
        for raw, sheet in zip(_sheets(data), sheets, strict=True):
            assert [str(one["id"]) for one in raw["nodes"]] == list(sheet.nodes)
            assert len(raw["links"]) == len(sheet.links)
            for one in raw["nodes"]:
                node = sheet.nodes[str(one["id"])]
                assert node.type == one["type"]
                assert node.mode == one["mode"]
                assert node.widgets_values == one.get("widgets_values")
                links = [None if x.get("link") is None else str(x["link"]) for x in one["inputs"]]
                assert links == [given.link for given in node.inputs]


def test_templates_of_known_nodes_convert_to_graphs_that_validate(
    templates: list[Path], comfy: Kinds
) -> None:
    validated = 0
    for path in templates:
        converted = to_graph(load_workflow(path), comfy.get)
        checked = validate(converted.graph, comfy)
        unknown = {one.node_type for one in checked.problems if one.kind == "missing_node_type"}
        others = [one.render() for one in checked.problems if one.kind != "missing_node_type"]
        assert not others, path.name
        if not unknown:
            assert checked.targets, path.name
            validated += 1
    assert validated >= 55


def test_every_active_node_of_a_template_is_in_its_graph(
    templates: list[Path], comfy: Kinds
) -> None:
    for path in templates:
        data = json.loads(path.read_text(encoding="utf-8"))
        graph = to_graph(load_workflow(path), comfy.get).graph
        definitions = {one["id"] for one in (data.get("definitions") or {}).get("subgraphs", [])}
        for raw in data["nodes"]:
            runs = raw["mode"] not in {MUTED, BYPASSED} and raw["type"] not in VIRTUAL
            if raw["type"] not in definitions:
                assert (str(raw["id"]) in graph.nodes) == runs, path.name


def test_nothing_is_left_out_of_templates_of_known_nodes_in_silence(
    templates: list[Path], comfy: Kinds
) -> None:
    kinds = {
        note.kind
        for path in templates
        for note in to_graph(load_workflow(path), comfy.get).notes
        if note.node_type in comfy.kinds
    }
    # A size that GetImageSize shows after a run, and inputs behind bypassed picture loaders.
    assert kinds == {"widget_values_left_over", "link_without_source"}


def test_graphs_of_templates_survive_every_form(templates: list[Path], comfy: Kinds) -> None:
    for path in templates:
        graph = to_graph(load_workflow(path), comfy.get).graph
        api = write_api(graph)
        assert write_api(read_api(json.loads(json.dumps(api)))) == api
        script = read_script(write_script(graph), path.name)
        assert script == graph
        assert list(script.nodes) == list(graph.nodes)
        drawn = json.loads(json.dumps(draw(graph, comfy.get)))
        again = convert(read_ui(drawn), comfy.get)
        assert canonical(write_api(again.graph)) == canonical(api), path.name
        assert not [one for one in again.notes if one.kind != "unknown_widget_values"]


def test_the_built_in_pack_has_the_inputs_widgets_and_outputs_of_comfyui(comfy: Kinds) -> None:
    built_in = Registry.load()
    shared = [(built_in.get(id_), comfy.get(id_)) for id_ in built_in.ids()]
    pairs = [(ours.spec, theirs.spec) for ours, theirs in shared if ours and theirs]
    assert len(pairs) >= 120
    for ours, theirs in pairs:
        assert _declared(ours) == _declared(theirs), ours.id


def _declared(spec: NodeSpec) -> tuple[list[Any], ...]:
    places = [
        (slot.name, slot.role, bool(slot.spec.options.get("dynamicPrompts")))
        for slot in slots(spec.inputs, {})
    ]
    inputs = [(one.name, one.section) for one in spec.inputs if one.section != "hidden"]
    return places, inputs, [(one.name, str(one.type)) for one in spec.outputs]


def test_the_built_in_pack_reads_templates_as_comfyui_does(
    templates: list[Path], comfy: Kinds
) -> None:
    built_in = Registry.load()
    validated = 0
    for path in templates:
        file = load_workflow(path)
        ours, theirs = (to_graph(file, kinds.get).graph for kinds in (built_in, comfy))
        for id_, node in ours.nodes.items():
            if built_in.get(node.type) and comfy.get(node.type):
                assert node.inputs == theirs.nodes[id_].inputs, (path.name, id_)
        if all(built_in.get(node.type) for node in ours.nodes.values()):
            checked = validate(ours, built_in)
            checked.raise_problems()
            assert checked.targets
            validated += 1
    assert validated >= 14
