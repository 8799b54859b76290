"""Nodes with ComfyUI's ids must declare what ComfyUI declares, in its order.

The order of the inputs is the order of the values in workflow files, so a change breaks them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine import MISSING, InputSpec, NodeSpec, Registry

GOLDEN = Path(__file__).parents[1] / "data" / "comfyui_nodes.json"


@cache
def golden() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text())["nodes"]


@cache
def registry() -> Registry:
    return Registry.load()


def shared_ids() -> list[str]:
    return [node_id for node_id in registry().ids() if node_id in golden()]


def spec_of(node_id: str) -> NodeSpec:
    kind = registry().get(node_id)
    assert kind is not None
    return kind.spec


@pytest.mark.parametrize("node_id", shared_ids())
def test_inputs_have_comfyui_s_order_and_sections(node_id: str) -> None:
    spec, expected = spec_of(node_id), golden()[node_id]["inputs"]
    for section in ("required", "optional"):
        ours = [one.name for one in spec.inputs if one.section == section]
        assert ours == [one["name"] for one in expected.get(section, [])]


@pytest.mark.parametrize("node_id", shared_ids())
def test_inputs_have_comfyui_s_types_defaults_and_ranges(node_id: str) -> None:
    ours = {one.name: one for one in spec_of(node_id).inputs}
    declared = golden()[node_id]["inputs"]
    for section in ("required", "optional"):
        for expected in declared.get(section, []):
            one = ours[expected["name"]]
            assert _facts(one, expected) == _expected_facts(expected), expected["name"]


@pytest.mark.parametrize("node_id", shared_ids())
def test_outputs_are_comfyui_s(node_id: str) -> None:
    spec, expected = spec_of(node_id), golden()[node_id]
    ours = [(one.type, one.name, one.is_list) for one in spec.outputs]
    assert ours == [(one["type"], one["name"], one["is_list"]) for one in expected["outputs"]]
    assert spec.is_output == expected["output_node"]


@pytest.mark.parametrize("node_id", shared_ids())
def test_titles_and_categories_are_comfyui_s(node_id: str) -> None:
    spec, expected = spec_of(node_id), golden()[node_id]
    title = expected["display_name"] or node_id
    assert (spec.title, spec.category) == (title, expected["category"])


def test_most_of_what_is_shared_is_looked_at() -> None:
    assert {"PrimitiveInt", "PreviewAny"} <= set(shared_ids())


_RANGE = ("min", "max", "step", "round", "multiline")
_SHOWN = ("control_after_generate", "dynamicPrompts", "image_upload", "forceInput", "display")


def _facts(spec: InputSpec, expected: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"type": "COMBO" if isinstance(spec.type, tuple) else spec.type}
    if spec.default is not MISSING and ("default" in expected or facts["type"] != "COMBO"):
        facts["default"] = spec.default
    facts |= {name: spec.options.get(name) for name in _RANGE if expected.get(name) is not None}
    facts |= {name: spec.options[name] for name in _SHOWN if name in spec.options}
    if "options" in expected:  # a choice may lack what we cannot do, and has nothing of its own
        ours = list(spec.type)
        assert ours == [one for one in dict.fromkeys(expected["options"]) if one in ours]
    if spec.folder:
        facts["folder"] = spec.folder
    return facts


def _expected_facts(expected: dict[str, Any]) -> dict[str, Any]:
    kept = ("type", "default", *_RANGE)
    facts = {name: expected[name] for name in kept if expected.get(name) is not None}
    if facts.get("round") is False:  # ComfyUI's word for "the editor does not round"
        facts["round"] = None
    extra = expected.get("extra", {})
    facts |= {name: extra[name] for name in _SHOWN if name in extra}
    source = expected.get("options_source", "")
    if source.startswith("models:"):
        facts["folder"] = source.removeprefix("models:")
    elif source == "input_files" or "image_folder" in extra:
        facts["folder"] = extra.get("image_folder", "input")
    return facts
