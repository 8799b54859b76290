from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import Folders
from engine.jobs.checking import Checked, check_prompt, kinds_in
from tests.engine.jobs.house import BUILT_IN, api, tiny

CANVAS = {
    "last_node_id": 2,
    "last_link_id": 1,
    "nodes": [
        {
            "id": 1,
            "type": "PrimitiveInt",
            "inputs": [],
            "outputs": [{"name": "INT", "type": "INT", "links": [1]}],
            "widgets_values": [7, "fixed"],
        },
        {
            "id": 2,
            "type": "PreviewAny",
            "inputs": [{"name": "source", "type": "*", "link": 1}],
            "outputs": [],
        },
    ],
    "links": [[1, 1, 0, 2, 0, "*"]],
    "version": 0.4,
}


def check(raw: Any, targets: list[str] | None = None) -> Checked:
    return check_prompt(raw, BUILT_IN, Folders.beneath(Path("/nowhere")), targets)


def shown(checked: Checked) -> Any:
    return msgspec.json.decode(checked.prompt)


def test_constants_are_shown_as_they_were_converted_and_the_rest_as_it_came() -> None:
    graph = tiny(0)
    graph["1"] = {
        "_meta": {"title": "One", "own": 1},
        "inputs": {"value": "3", "unknown": [1, 2, 3.0]},
        "class_type": "PrimitiveInt",
        "extra": 2**64 - 1,
    }
    graph["1"]["inputs"].pop("unknown")
    checked = check(graph)
    assert checked.targets == ("2",)
    assert not checked.problems
    assert shown(checked)["1"] == {**graph["1"], "inputs": {"value": 3}}
    assert list(shown(checked)["1"]) == ["_meta", "inputs", "class_type", "extra"]
    assert graph["1"]["inputs"] == {"value": "3"}
    assert checked.graph is None


def test_lists_are_shown_bare_and_reach_the_worker_wrapped() -> None:
    graph = tiny(1)
    graph["2"]["inputs"]["source"] = {"__value__": ["1", 2]}
    checked = check(graph)
    assert shown(checked)["2"]["inputs"]["source"] == ["1", 2]
    assert msgspec.json.decode(checked.graph or b"")["2"] == graph["2"]


def test_a_canvas_becomes_what_runs_and_is_kept_for_the_pictures() -> None:
    checked = check(CANVAS)
    assert not checked.problems
    assert checked.targets == ("2",)
    assert shown(checked)["1"]["inputs"] == {"value": 7}
    assert checked.extra_pnginfo == {"workflow": CANVAS}
    assert kinds_in(CANVAS) == {"PrimitiveInt", "PreviewAny"}


def test_a_branch_that_is_wrong_leaves_the_others_to_run() -> None:
    graph = api(
        n1=("PrimitiveInt", {"value": 1}),
        n2=("PreviewAny", {"source": ["1", 0]}),
        n3=("PrimitiveInt", {"value": "many"}),
        n4=("PreviewAny", {"source": ["3", 0]}),
    )
    checked = check(graph)
    assert checked.targets == ("2",)
    assert checked.failed == ("4",)
    assert [(one.node, one.kind) for one in checked.problems] == [("3", "invalid_input_type")]
    assert checked.types == {"3": "PrimitiveInt"}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({}, "prompt_no_outputs"),
        ([], "invalid_prompt"),
        ("text", "invalid_prompt"),
        ({"1": {"inputs": {}}}, "missing_node_type"),
        ({"1": 3}, "missing_node_type"),
        ({"1": {"class_type": 3, "inputs": {}}}, "missing_node_type"),
        ({"1": {"class_type": "Nothing", "inputs": {}}}, "missing_node_type"),
        ({"1": {"class_type": "PrimitiveInt", "inputs": {"value": 1}}}, "prompt_no_outputs"),
        ({"1": {"class_type": "PreviewAny", "inputs": []}}, "invalid_workflow"),
    ],
)
def test_what_is_no_workflow_is_refused_in_words(raw: Any, kind: str) -> None:
    checked = check(raw)
    assert checked.problems[0].kind == kind
    assert checked.problems[0].message
    assert not checked.targets


@pytest.mark.parametrize(
    ("wanted", "expected"), [(["2"], ("2",)), (["1", "2", "x"], ("2",)), (["1"], ()), ([], ())]
)
def test_only_output_nodes_that_are_wanted_run(wanted: list[str], expected: tuple[str]) -> None:
    checked = check(tiny(1), wanted)
    assert checked.targets == expected
    if not expected:
        assert [one.kind for one in checked.problems] == ["prompt_no_outputs"]


def test_a_checked_workflow_travels_as_json() -> None:
    checked = check({"1": {"class_type": "PreviewAny", "inputs": {}}})
    assert checked.problems
    travelled = msgspec.json.decode(msgspec.json.encode(checked), type=Checked)
    assert travelled == checked
