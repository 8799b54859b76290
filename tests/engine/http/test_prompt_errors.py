# ruff: noqa: ARG003, N802 - names and parameters are those of ComfyUI
from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.comfy.v1 import ClassNode
from engine.declare.registry import Registry
from engine.files import Folders
from engine.http.prompt_errors import node_errors, refusal
from engine.jobs.checking import Checked, check_prompt

Api = dict[str, Any]


class Probe:
    RETURN_TYPES: tuple[Any, ...] = ("INT",)
    FUNCTION = "run"
    INPUTS: ClassVar[dict[str, Any]] = {}

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": dict(cls.INPUTS)}

    def run(self, **_: Any) -> tuple[int]:
        return (1,)


class Source(Probe):
    INPUTS: ClassVar[dict[str, Any]] = {"value": ("INT", {"min": 0, "max": 9})}


class Words(Probe):
    RETURN_TYPES = ("STRING",)


class Choose(Probe):
    INPUTS: ClassVar[dict[str, Any]] = {"mode": (["soft", "hard"], {"default": "soft"})}


class ChooseMany(Probe):
    INPUTS: ClassVar[dict[str, Any]] = {"mode": ([str(number) for number in range(30)],)}


class Picky(Probe):
    INPUTS: ClassVar[dict[str, Any]] = {"value": ("INT",), "other": ("INT",)}

    @classmethod
    def VALIDATE_INPUTS(cls, value: int) -> bool | str:
        return {1: True, 2: False}.get(value, "only 1 will do")


class Save(Probe):
    RETURN_TYPES = ()
    OUTPUT_NODE = True
    INPUTS: ClassVar[dict[str, Any]] = {"value": ("INT",)}


KINDS = Registry(
    ClassNode(id=made.__name__, made=made, title=made.__name__, pack="custom_nodes.x", code="c")
    for made in (Source, Words, Choose, ChooseMany, Picky, Save)
)


def node(kind: str, **inputs: Any) -> Api:
    return {"class_type": kind, "inputs": inputs}


def check(api: Any, targets: list[str] | None = None) -> Checked:
    return check_prompt(api, KINDS, Folders.beneath(Path("nowhere")), targets)


def errors_of(faulty: Api) -> list[Api]:
    """The errors of node 1, which node 9 saves; node 8 is another output, and a good one."""
    good = {"7": node("Source", value=1), "8": node("Save", value=["7", 0])}
    checked = check({"1": faulty, "9": node("Save", value=["1", 0]), **good})
    assert refusal(checked) is None
    assert list(checked.targets) == ["8"]
    found = node_errors(checked)
    assert list(found) == ["1"]
    assert found["1"]["class_type"] == faulty["class_type"]
    assert found["1"]["dependent_outputs"] == ["9"]
    return found["1"]["errors"]


def only(errors: list[Api]) -> Api:
    assert len(errors) == 1
    (error,) = errors
    assert set(error) == {"type", "message", "details", "extra_info"}
    assert error["message"]
    return error


def test_a_missing_input_names_the_input() -> None:
    error = only(errors_of(node("Source")))
    assert error["type"] == "required_input_missing"
    assert error["details"] == "value"
    assert error["extra_info"]["input_name"] == "value"


@pytest.mark.parametrize(
    ("value", "kind"), [(-1, "value_smaller_than_min"), (10, "value_bigger_than_max")]
)
def test_a_value_out_of_range_carries_value_and_declaration(value: int, kind: str) -> None:
    error = only(errors_of(node("Source", value=value)))
    assert error["type"] == kind
    assert error["details"] == "value"
    assert error["extra_info"] == {
        "input_name": "value",
        "input_config": ["INT", {"min": 0, "max": 9}],
        "received_value": value,
    }
    assert str(value) in error["message"]


def test_a_value_of_the_wrong_type_tells_what_the_conversion_said() -> None:
    error = only(errors_of(node("Source", value="many")))
    assert error["type"] == "invalid_input_type"
    name, value, reason = error["details"].split(", ", 2)
    assert (name, value) == ("value", "'many'")
    assert reason == error["extra_info"]["exception_message"]
    assert "INT" in error["message"]
    assert error["extra_info"]["received_value"] == "many"


def test_a_wrong_choice_lists_the_options() -> None:
    error = only(errors_of(node("Choose", mode="sofd")))
    assert error["type"] == "value_not_in_list"
    assert error["details"] == "mode: 'sofd' not in ['soft', 'hard']"
    assert error["extra_info"]["input_config"] == [["soft", "hard"], {"default": "soft"}]
    assert "did you mean soft" in error["message"]


def test_many_options_are_counted_instead_of_listed() -> None:
    error = only(errors_of(node("ChooseMany", mode="x")))
    assert error["details"] == "mode: 'x' not in (list of length 30)"
    assert error["extra_info"]["input_config"] is None


def test_a_link_of_the_wrong_type_names_both_types() -> None:
    api = {
        "1": node("Words"),
        "2": node("Source", value=["1", 0]),
        "9": node("Save", value=["2", 0]),
    }
    error = only(node_errors(check(api))["2"]["errors"])
    assert error["type"] == "return_type_mismatch"
    assert error["details"] == "value, received_type(STRING) mismatch input_type(INT)"
    assert error["extra_info"]["received_type"] == "STRING"
    assert error["extra_info"]["linked_node"] == ["1", 0]


def test_a_list_of_another_length_is_no_link() -> None:
    error = only(errors_of(node("Source", value=["7", 0, 0])))
    assert error["type"] == "bad_linked_input"
    assert error["details"] == "value"
    assert error["extra_info"]["received_value"] == ["7", 0, 0]


def test_a_link_from_an_output_node_to_nothing_is_what_looking_it_up_raises() -> None:
    found = node_errors(check({"9": node("Save", value=["99", 0])}))
    error = only(found["9"]["errors"])
    assert error["type"] == "exception_during_validation"
    assert error["details"] == "'99'"
    assert error["extra_info"] == {"exception_type": "KeyError", "traceback": []}


def test_a_link_from_an_inner_node_to_nothing_is_filed_there_with_its_user() -> None:
    error = only(errors_of(node("Source", value=["99", 0])))
    assert error["type"] == "exception_during_inner_validation"
    assert error["details"] == "'99'"
    assert error["extra_info"]["linked_node"] == ["1", 0]
    assert error["extra_info"]["input_name"] == "value"
    assert error["extra_info"]["exception_type"] == "KeyError"


def test_a_link_to_an_output_that_the_node_does_not_have_is_an_index_error() -> None:
    api = {"7": node("Source", value=1), "9": node("Save", value=["7", 5])}
    error = only(node_errors(check(api))["9"]["errors"])
    assert error["extra_info"]["exception_type"] == "IndexError"


def test_a_node_that_refuses_says_why_for_the_inputs_that_it_looked_at() -> None:
    error = only(errors_of(node("Picky", value=3, other=1)))
    assert error["type"] == "custom_validation_failed"
    assert error["details"] == "value - only 1 will do"
    assert error["extra_info"]["input_name"] == "value"


def test_a_node_that_refuses_without_words_is_known_by_its_input() -> None:
    error = only(errors_of(node("Picky", value=2, other=1)))
    assert error["type"] == "custom_validation_failed"
    assert error["details"] == "value"


def test_every_node_of_a_cycle_names_the_cycle() -> None:
    api = {
        "1": node("Source", value=["2", 0]),
        "2": node("Source", value=["1", 0]),
        "9": node("Save", value=["1", 0]),
    }
    checked = check(api)
    refused = refusal(checked)
    assert refused is not None
    assert refused["error"]["type"] == "prompt_outputs_failed_validation"
    assert set(refused["node_errors"]) == {"1", "2"}
    error = only(refused["node_errors"]["1"]["errors"])
    assert error["type"] == "dependency_cycle"
    assert error["details"] in {
        "1 (Source) -> 2 (Source) -> 1 (Source)",
        "2 (Source) -> 1 (Source) -> 2 (Source)",
    }
    assert error["extra_info"]["node_id"] == "1"
    assert sorted(error["extra_info"]["cycle_nodes"]) == ["1", "2"]


def test_an_unknown_kind_refuses_everything_and_names_node_and_kind() -> None:
    api = {
        "5": {"class_type": "Sorce", "inputs": {}, "_meta": {"title": "Mine"}},
        "7": node("Source", value=1),
        "8": node("Save", value=["7", 0]),
    }
    refused = refusal(check(api))
    assert refused is not None
    assert refused["node_errors"] == {}
    assert refused["error"]["type"] == "missing_node_type"
    assert refused["error"]["details"] == "Node ID '#5'"
    extra = refused["error"]["extra_info"]
    assert extra == {"node_id": "5", "class_type": "Sorce", "node_title": "Mine"}
    assert "Source" in refused["error"]["message"]


@pytest.mark.parametrize("broken", [{"inputs": {}}, {"class_type": None}, 7, "text", [1]])
def test_a_node_without_a_kind_is_named(broken: Any) -> None:
    refused = refusal(check({"5": broken, "8": node("Save", value=1)}))
    assert refused is not None
    assert refused["error"]["type"] == "missing_node_type"
    assert refused["error"]["details"] == "Node ID '#5'"
    assert refused["error"]["extra_info"]["class_type"] is None


@pytest.mark.parametrize("api", [{}, {"7": node("Source", value=1)}])
def test_a_prompt_that_shows_nothing_has_no_outputs(api: Api) -> None:
    refused = refusal(check(api))
    assert refused is not None
    assert refused["error"]["type"] == "prompt_no_outputs"
    assert refused["error"]["details"] == ""
    assert refused["error"]["extra_info"] == {}


def test_targets_that_are_no_outputs_are_no_outputs() -> None:
    api = {"7": node("Source", value=1), "8": node("Save", value=["7", 0])}
    for targets in ([], ["7"], ["99"]):
        refused = refusal(check(api, targets))
        assert refused is not None
        assert refused["error"]["type"] == "prompt_no_outputs"


def test_what_is_wrong_with_outputs_themselves_stands_in_the_details() -> None:
    refused = refusal(check({"8": node("Save")}))
    assert refused is not None
    assert refused["error"]["type"] == "prompt_outputs_failed_validation"
    assert refused["error"]["details"].endswith(": value")
    inner = refusal(check({"1": node("Source"), "9": node("Save", value=["1", 0])}))
    assert inner is not None
    assert inner["error"]["details"] == ""


def test_an_answer_never_holds_a_traceback() -> None:
    class Broken(Save):
        @classmethod
        def VALIDATE_INPUTS(cls, value: int) -> bool:
            raise RuntimeError("broken")

    kinds = Registry(
        [ClassNode(id="Broken", made=Broken, title="B", pack="custom_nodes.x", code="c")]
    )
    api = {"1": node("Broken", value=1)}
    checked = check_prompt(api, kinds, Folders.beneath(Path("nowhere")), None)
    assert "Traceback" not in str(refusal(checked))
    assert ".py" not in str(refusal(checked))
