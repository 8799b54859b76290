from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.declare.spec import InputSpec, NodeSpec, OutputSpec
from engine.errors import InvalidWorkflowError, Problem
from engine.files import Folders
from engine.graph.api_format import read_api
from engine.graph.validate import Validated, validate
from tests.engine.graph.declared_kinds import Kind, Kinds
from tests.engine.graph.graphs import graphs

if TYPE_CHECKING:
    from pathlib import Path

    from engine.graph.model import Graph


def spec(
    id_: str, *inputs: InputSpec, gives: tuple[Any, ...] = (), output: bool = False
) -> NodeSpec:
    return NodeSpec(
        id=id_,
        title=id_,
        inputs=inputs,
        outputs=tuple(OutputSpec(name=str(kind), type=kind) for kind in gives),
        is_output=output,
    )


def one(name: str, kind: Any, section: Any = "required", **options: Any) -> InputSpec:
    folder = options.pop("folder", None)
    return InputSpec(name=name, type=kind, section=section, folder=folder, options=options)


TOY = Kinds(
    spec(
        "Number",
        one("i", "INT", "optional", min=0, max=10),
        one("f", "FLOAT", "optional", min=0.5),
        one("s", "STRING", "optional"),
        one("b", "BOOLEAN", "optional"),
        one("c", ("red", "green"), "optional"),
        one("k", "COMBO", "optional", options=["one", "two"]),
        one("m", "COMBO", "optional", options=["one", "two"], multiselect=True),
        one("r", "COMBO", "optional", remote_combo={"route": "/x"}),
        gives=("INT", ("red", "green")),
    ),
    spec("Take", one("n", "INT"), gives=("INT",)),
    spec("Paint", one("n", "INT", "optional"), gives=("IMAGE",)),
    spec("Save", one("x", "INT"), one("y", "INT", "optional"), output=True),
    spec("Any", one("x", "*"), output=True),
)


def check(api: dict[str, Any], kinds: Kinds = TOY, **options: Any) -> Validated:
    return validate(graph(api), kinds, **options)


def graph(api: dict[str, Any]) -> Graph:
    return read_api(
        {id_: {"class_type": type_, "inputs": inputs} for id_, (type_, inputs) in api.items()}
    )


def only(checked: Validated) -> Problem:
    assert len(checked.problems) == 1, [problem.render() for problem in checked.problems]
    return checked.problems[0]


def constant(**inputs: Any) -> Validated:
    return check({"1": ("Number", inputs), "2": ("Save", {"x": ["1", 0]})})


@pytest.mark.parametrize(
    ("name", "given_", "expected"),
    [
        ("i", "3", 3),
        ("i", 2.7, 2),
        ("i", True, 1),
        ("f", 1, 1.0),
        ("f", "2.5", 2.5),
        ("b", "false", True),
        ("b", 0, False),
        ("s", None, "None"),
        ("s", 5, "5"),
        ("i", {"__value__": 4}, 4),
        ("m", {"__value__": ["one", "two"]}, ["one", "two"]),
        ("r", "anything", "anything"),
    ],
)
def test_constants_are_converted_as_in_comfyui(name: str, given_: Any, expected: Any) -> None:
    checked = constant(**{name: given_})
    assert not checked.problems
    value = checked.graph.nodes["1"].inputs[name]
    assert value == expected
    assert type(value) is type(expected)
    assert checked.targets == ("2",)


@pytest.mark.parametrize(
    ("name", "given_", "kind", "nearest"),
    [
        ("i", "three", "invalid_input_type", None),
        ("i", float("inf"), "invalid_input_type", None),
        ("f", {}, "invalid_input_type", None),
        ("i", -1, "value_smaller_than_min", "0"),
        ("i", 11, "value_bigger_than_max", "10"),
        ("f", 0.25, "value_smaller_than_min", "0.5"),
        ("c", "grene", "value_not_in_list", "green"),
        ("c", "RED", "value_not_in_list", "red"),
        ("k", "tow", "value_not_in_list", "two"),
        ("m", {"__value__": ["one", "tow"]}, "value_not_in_list", "two"),
        ("i", [1, 2, 3], "bad_linked_input", None),
        ("i", [512, 512], "bad_linked_input", None),
        ("i", ["9", 0], "bad_linked_input", None),
    ],
)
def test_wrong_constants_name_what_is_right(
    name: str, given_: Any, kind: str, nearest: str | None
) -> None:
    checked = constant(**{name: given_})
    problem = only(checked)
    assert (problem.kind, problem.node, problem.input) == (kind, "1", name)
    assert problem.nearest == nearest
    assert problem.expected
    assert problem.got
    assert problem.extra["input_name"] == name
    assert (checked.targets, checked.failed) == ((), ("2",))


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    checked = check(
        {
            "1": ("Number", {"i": -1, "c": "blue"}),
            "2": ("Nothing", {}),
            "3": ("Save", {"x": ["1", 7], "y": ["4", 0]}),
            "4": ("Take", {}),
        }
    )
    found = [(problem.kind, problem.node, problem.input) for problem in checked.problems]
    assert found == [
        ("value_smaller_than_min", "1", "i"),
        ("value_not_in_list", "1", "c"),
        ("missing_node_type", "2", None),
        ("bad_linked_input", "3", "x"),
        ("required_input_missing", "4", "n"),
    ]
    with pytest.raises(InvalidWorkflowError) as caught:
        checked.raise_problems()
    assert caught.value.problems == checked.problems
    assert "did you mean: 0" in caught.value.render()


def test_unknown_kinds_fail_everything_and_name_the_nearest() -> None:
    checked = check({"1": ("Save", {"x": 1}), "2": ("number", {})})
    problem = only(checked)
    assert (problem.kind, problem.nearest) == ("missing_node_type", "Number")
    assert checked.targets == ()
    assert checked.failed == ("1",)


def test_a_wrong_node_fails_only_what_depends_on_it() -> None:
    checked = check(
        {
            "1": ("Number", {"i": -1}),
            "2": ("Take", {"n": ["1", 0]}),
            "3": ("Save", {"x": ["2", 0]}),
            "4": ("Number", {"i": 1}),
            "5": ("Save", {"x": ["4", 0]}),
        }
    )
    assert (checked.targets, checked.failed) == (("5",), ("3",))


def test_what_no_target_needs_is_checked_for_its_kind_only() -> None:
    checked = check({"1": ("Number", {"i": -1}), "2": ("Save", {"x": 3})})
    assert not checked.problems
    assert checked.graph.nodes["1"].inputs == {"i": -1}


def test_targets_choose_what_is_checked() -> None:
    api = {"1": ("Number", {"i": -1}), "2": ("Save", {"x": ["1", 0]}), "3": ("Save", {"x": 3})}
    assert check(api, targets=["3"]).targets == ("3",)
    assert check(api, targets=["1"]).failed == ("1",)
    asked = check(api, targets=["3", "99"])
    assert only(asked).message == "there is no node 99, which was asked for"
    assert asked.targets == ("3",)


def test_a_workflow_that_shows_nothing_is_told_so() -> None:
    assert only(check({"1": ("Number", {})})).kind == "prompt_no_outputs"
    assert only(validate(read_api({}), TOY)).kind == "prompt_no_outputs"


def test_links_of_the_wrong_type_name_both_ends() -> None:
    problem = only(check({"1": ("Paint", {}), "2": ("Save", {"x": ["1", 0]})}))
    assert problem.kind == "return_type_mismatch"
    assert problem.expected == "INT"
    assert problem.got == "IMAGE, from output 0 (IMAGE) of node 1 (Paint)"
    assert problem.extra["details"] == "x, received_type(IMAGE) mismatch input_type(INT)"
    assert problem.extra["linked_node"] == ["1", 0]


def test_nodes_that_check_types_themselves_are_left_to_do_so() -> None:
    kinds = TOY.with_(Kind(spec("Loose", one("x", "INT"), output=True), checks_types=True))
    assert not check({"1": ("Paint", {}), "2": ("Loose", {"x": ["1", 0]})}, kinds).problems


def test_nodes_that_check_an_input_switch_off_the_range_but_not_the_conversion() -> None:
    inputs = (one("i", "INT", max=3), one("j", "INT", max=3))
    kind = Kind(spec("Own", *inputs, output=True), own=frozenset({"i"}), refuses={"i": "too odd"})
    checked = check({"1": ("Own", {"i": "9", "j": 9})}, Kinds(kind))
    assert [(one_.kind, one_.input) for one_ in checked.problems] == [
        ("value_bigger_than_max", "j"),
        ("custom_validation_failed", "i"),
    ]
    assert checked.problems[1].extra["details"] == "i - too odd"
    assert checked.graph.nodes["1"].inputs["i"] == 9


def test_a_node_that_fails_to_check_itself_is_a_problem_and_no_traceback() -> None:
    kind = Kind(spec("Bad", output=True), raises=RuntimeError("boom"))
    problem = only(check({"1": ("Bad", {})}, Kinds(kind)))
    assert problem.kind == "exception_during_validation"
    assert "RuntimeError: boom" in problem.message


def test_constants_that_no_input_takes_are_warned_of() -> None:
    checked = check({"1": ("Save", {"x": 1, "yy": 3})})
    assert checked.targets == ("1",)
    warning = checked.warnings[0]
    assert (warning.kind, warning.input, warning.nearest) == ("unknown_input", "yy", "y")


@pytest.mark.parametrize("length", [1, 2, 3])
def test_cycles_are_named(length: int) -> None:
    api: dict[str, Any] = {
        str(index): ("Take", {"n": [str((index + 1) % length), 0]}) for index in range(length)
    }
    checked = check({**api, "save": ("Save", {"x": ["0", 0]})})
    assert [problem.kind for problem in checked.problems] == ["dependency_cycle"] * length
    assert checked.failed == ("save",)
    path = checked.problems[0].extra["details"]
    assert re.fullmatch(r"(\d \(Take\) -> )+\d \(Take\)", path)
    assert path[0] == path.rpartition("-> ")[2][0]


@pytest.mark.parametrize("closed", [False, True])
def test_a_chain_of_10000_nodes_is_checked_like_any_other(closed: bool) -> None:
    count = 10_000
    api: dict[str, Any] = {
        str(index): ("Take", {"n": [str(index - 1), 0]}) for index in range(1, count)
    }
    api["0"] = ("Take", {"n": [str(count - 1), 0] if closed else 1})
    api["save"] = ("Save", {"x": [str(count - 1), 0]})
    checked = check(api)
    if closed:
        assert len(checked.problems) == count
        assert len(checked.problems[0].got or "") < 1000
    else:
        assert checked.targets == ("save",)


def test_missing_files_name_the_nearest_and_where_it_was_looked(tmp_path: Path) -> None:
    folders = Folders.beneath(tmp_path)
    checkpoints = tmp_path / "models" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "starter.safetensors").touch()
    loader = spec("Load", one("name", "COMBO", folder="checkpoints"), output=True)
    api = {"1": ("Load", {"name": "startr.safetensors"})}
    problem = only(check(api, Kinds(loader), folders=folders))
    assert (problem.kind, problem.input) == ("value_not_in_list", "name")
    assert problem.nearest == "starter.safetensors"
    assert str(checkpoints) in (problem.expected or "")
    for wrong in ("../../secret", 5):
        checked = check({"1": ("Load", {"name": wrong})}, Kinds(loader), folders=folders)
        assert only(checked).kind == "value_not_in_list"
    api = {"1": ("Load", {"name": "starter.safetensors"})}
    assert check(api, Kinds(loader), folders=folders).targets == ("1",)


def test_files_may_be_values_besides_those_of_the_folder(tmp_path: Path) -> None:
    loader = spec("Load", one("name", ("none",), folder="vae"), output=True)
    folders = Folders.beneath(tmp_path)
    assert check({"1": ("Load", {"name": "none"})}, Kinds(loader), folders=folders).targets


DYNAMIC = spec(
    "Resize",
    one(
        "how",
        "COMFY_DYNAMICCOMBO_V3",
        options=[
            {"key": "scale", "inputs": {"required": {"factor": ["FLOAT", {"max": 4}]}}},
            {"key": "keep", "inputs": {"required": {}}},
        ],
    ),
    one(
        "images",
        "COMFY_AUTOGROW_V3",
        template={
            "input": {"required": {"image": ["IMAGE", {}]}},
            "prefix": "image",
            "min": 1,
            "max": 3,
        },
    ),
    output=True,
)


def test_inputs_that_depend_on_others_are_checked() -> None:
    kinds = TOY.with_(DYNAMIC)
    paint = {"p": ("Paint", {})}
    good = {"how": "scale", "how.factor": 2, "images.image0": ["p", 0], "images.image2": ["p", 0]}
    assert not check({**paint, "1": ("Resize", good)}, kinds).problems
    bad = {"how": "scale", "how.factor": 9, "images.image1": ["1", 0]}
    checked = check({**paint, "1": ("Resize", bad)}, kinds)
    assert [(problem.kind, problem.input) for problem in checked.problems] == [
        ("value_bigger_than_max", "how.factor"),
        ("required_input_missing", "images.image0"),
        ("bad_linked_input", "images.image1"),
        ("dependency_cycle", None),
    ]
    wrong = {"how": "scal", "images.image0": ["p", 0]}
    problem = only(check({**paint, "1": ("Resize", wrong)}, kinds))
    assert (problem.kind, problem.nearest) == ("value_not_in_list", "scale")


@given(graphs(), st.booleans())
def test_no_graph_ends_in_a_traceback(made: Graph, known: bool) -> None:
    kinds = Kinds(
        *(
            spec(type_, one("seed", "INT"), one("text", "STRING"), gives=("INT",), output=True)
            for type_ in {node.type for node in made.nodes.values()}
            if known
        )
    )
    checked = validate(made, kinds)
    assert set(checked.targets).isdisjoint(checked.failed)
    assert bool(checked.failed) <= bool(checked.problems)
    assert all(problem.render() for problem in checked.problems)
