# ruff: noqa: ARG002, N802 - names and parameters are those of ComfyUI
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine import Blocker, Context, InputError, Lazy, Link, Node, Returned
from engine.comfy.executing import get_executing_context
from engine.comfy.v1 import MOST_INSTANCES, ClassNode
from tests.engine.comfy.contexts import context


def adapted(made: type) -> ClassNode:
    return ClassNode(id=made.__name__, made=made, title="T", pack="custom_nodes.x", code="c")


def called(made: type, inputs: dict[str, Any], run: Context | None = None) -> Returned:
    returned = adapted(made).call(inputs, run or context())
    assert isinstance(returned, Returned)
    return returned


class AnyType(str):
    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class Base:
    RETURN_TYPES: tuple[Any, ...] = ("INT",)
    FUNCTION = "run"
    CATEGORY = "probe"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT", {"default": 3, "min": 0, "max": 9})}}

    def run(self, value: Any = 1, **others: Any) -> Any:
        return (value, others)


class Declared(Base):
    RETURN_TYPES = ("INT", ["a", "b"], AnyType("*"))
    RETURN_NAMES = ("number", "choice")
    OUTPUT_IS_LIST = (False, True, False)
    OUTPUT_TOOLTIPS = ("A number.",)
    OUTPUT_NODE = True
    DESCRIPTION = "What it does."
    DEPRECATED = True
    EXPERIMENTAL = True
    NOT_IDEMPOTENT = True
    INPUT_IS_LIST = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {
                "value": ("INT", {"default": 3, "min": 0, "max": 9}),
                "colour": (["red", "green"],),
                "source": (AnyType("*"), {"forceInput": True, "lazy": True}),
            },
            "optional": {"raw": ("IMAGE", {"rawLink": True})},
            "hidden": {"id": "UNIQUE_ID", "graph": "PROMPT"},
        }


def test_a_class_is_read_into_a_declaration() -> None:
    spec = adapted(Declared).spec
    inputs = {one.name: one for one in spec.inputs}
    assert list(inputs) == ["value", "colour", "source", "raw", "id", "graph"]
    assert (inputs["value"].type, inputs["value"].default) == ("INT", 3)
    assert inputs["value"].options == {"min": 0, "max": 9}
    assert inputs["colour"].type == ("red", "green")
    assert inputs["source"].lazy
    assert inputs["source"].options == {"forceInput": True}
    assert (inputs["raw"].raw_link, inputs["raw"].section) == (True, "optional")
    assert (inputs["id"].section, inputs["id"].type) == ("hidden", "UNIQUE_ID")
    assert [(one.name, one.type, one.is_list) for one in spec.outputs] == [
        ("number", "INT", False),
        ("choice", ("a", "b"), True),
        ("*", "*", False),
    ]
    assert (spec.is_output, spec.deprecated, spec.experimental) == (True, True, True)
    assert (spec.keeps_identity, spec.takes_lists, spec.lane) == (True, True, "device")
    assert (spec.category, spec.description) == ("probe", "What it does.")


def test_a_wildcard_keeps_its_own_inequality() -> None:
    source = adapted(Declared).input("source")
    assert source is not None
    assert not "IMAGE" != source.type  # noqa: SIM202, SIM300


class AnyName(dict[str, Any]):
    """Claims to have every name, as packs with a variable number of inputs do."""

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> Any:
        return (AnyType("*"), {"lazy": True})


class Flexible(Base):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {}, "optional": AnyName()}


def test_a_lying_dictionary_declares_any_input() -> None:
    kind = adapted(Flexible)
    declared = kind.input("anything")
    assert declared is not None
    assert declared.lazy
    assert kind.spec.inputs == ()
    assert called(Flexible, {"value": 1, "more": 2}).outputs == (1, {"more": 2})


def test_an_undeclared_input_is_unknown_to_an_honest_class() -> None:
    assert adapted(Base).input("other") is None


class Counting(Base):
    def __init__(self) -> None:
        self.calls = 0

    def run(self, value: Any = 1, **others: Any) -> Any:
        self.calls += 1
        return (self.calls,)


def test_one_instance_is_kept_for_each_node_id() -> None:
    kind = adapted(Counting)

    def outputs(node_id: str) -> Any:
        returned = kind.call({}, context(node_id))
        assert isinstance(returned, Returned)
        return returned.outputs

    assert [outputs("a"), outputs("a"), outputs("b")] == [(1,), (2,), (1,)]
    for index in range(MOST_INSTANCES):
        outputs(f"a.{index}")
    assert outputs("a") == (1,)


class Shapes(Base):
    RETURN_TYPES = ("INT", "INT")

    def run(self, value: Any = 1, **others: Any) -> Any:
        return value


class Bounded(Shapes):
    OUTPUT_IS_LIST = (False, False)


def test_every_shape_of_result_is_understood() -> None:
    assert called(Shapes, {"value": (1, 2)}).outputs == (1, 2)
    assert called(Shapes, {"value": [1, 2, 3]}).outputs == (1, 2, 3)
    assert called(Bounded, {"value": [1, 2, 3]}).outputs == (1, 2)
    assert called(Shapes, {"value": Blocker("no")}).outputs == Blocker("no")
    shown = called(Shapes, {"value": {"ui": {"images": [1], "animated": (True,)}}})
    assert shown.ui == {"images": [1], "animated": [True]}
    assert called(Shapes, {"value": {"result": (1,)}}).outputs == (1,)
    with pytest.raises(TypeError, match="returned NoneType"):
        called(Shapes, {"value": None})


def test_an_expansion_becomes_a_subgraph() -> None:
    fragment = {
        "1.0.0.a": {"class_type": "X", "inputs": {"one": ["2", 1], "two": 5}},
        "1.0.0.b": {"class_type": "Y", "inputs": {}, "override_display_id": "7"},
    }
    returned = called(Shapes, {"value": {"result": (["1.0.0.a", 0], 4), "expand": fragment}})
    assert returned.outputs == (Link("1.0.0.a", 0), 4)
    assert returned.expand is not None
    first = Node("1.0.0.a", "X", {"one": Link("2", 1), "two": 5})
    second = Node("1.0.0.b", "Y", {}, display_id="7")
    assert returned.expand.nodes == {"1.0.0.a": first, "1.0.0.b": second}


def test_links_in_a_result_without_expansion_are_plain_lists() -> None:
    assert called(Shapes, {"value": (["a", 0], 1)}).outputs == (["a", 0], 1)


class Hidden(Base):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        markers = {"i": "UNIQUE_ID", "p": "PROMPT", "g": "DYNPROMPT", "x": "EXTRA_PNGINFO"}
        return {"required": {}, "hidden": {**markers, "strange": "NOBODY_KNOWS"}}

    def run(self, value: Any = 1, **others: Any) -> Any:
        return (others,)


def test_hidden_inputs_are_supplied() -> None:
    inner = Node("1.0.0.2", "Y", {"a": Link("1", 0), "b": 2})
    run = context("1.0.0.2", Node("1", "X"), inner, brought={"1.0.0.2": "1"})
    ((given,),) = [called(Hidden, {"i": "mine"}, run).outputs]
    assert set(given) == {"i", "p", "g", "x"}
    assert given["i"] == "1.0.0.2"
    assert given["x"] is None
    graph = given["g"]
    assert graph.get_node("1.0.0.2") == {"class_type": "Y", "inputs": {"a": ["1", 0], "b": 2}}
    assert (graph.has_node("1"), graph.has_node("9")) == (True, False)
    assert graph.all_node_ids() == {"1", "1.0.0.2"}
    assert graph.get_parent_node_id("1.0.0.2") == "1"
    assert graph.get_parent_node_id("1") is None
    assert graph.get_real_node_id("1.0.0.2") == graph.get_display_node_id("1.0.0.2") == "1"
    assert set(graph.ephemeral_prompt) == {"1.0.0.2"}
    assert set(graph.get_original_prompt()) == {"1"}


class LazyNode(Base):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        lazy = ("INT", {"lazy": True})
        return {"required": {"which": ("BOOLEAN",), "a": lazy, "b": lazy}}

    def check_lazy_status(self, which: bool, a: Any = None, b: Any = None) -> list[str | None]:
        return ["a" if which else "b", None]

    def run(self, value: Any = 1, **others: Any) -> Any:
        return (others,)


class AsksForNonsense(LazyNode):
    def check_lazy_status(self, which: bool, a: Any = None, b: Any = None) -> list[str | None]:
        return ["nonsense"]


class AsksLater(LazyNode):
    async def check_lazy_status(  # type: ignore[override]
        self, which: bool, a: Any = None, b: Any = None
    ) -> list[str]:
        await asyncio.sleep(0)
        return ["b"]


def test_a_class_says_which_lazy_inputs_it_needs() -> None:
    kind = adapted(LazyNode)
    assert kind.missing({"which": True}, ("a", "b"), context()) == ("a",)
    assert kind.missing({"which": True, "a": 1}, ("b",), context()) == ()
    assert adapted(Base).missing({}, ("value",), context()) == ()
    with pytest.raises(InputError, match="nonsense"):
        adapted(AsksForNonsense).missing({"which": True}, ("a",), context())

    async def later() -> Any:
        asked = adapted(AsksLater).missing({"which": True}, ("a", "b"), context())
        assert not isinstance(asked, tuple)
        return await asked

    assert asyncio.run(later()) == ("b",)


def test_a_lazy_input_that_nobody_asked_for_arrives_as_none() -> None:
    async def never() -> Any:
        raise AssertionError

    ((others,),) = [called(LazyNode, {"which": True, "a": 1, "b": Lazy(never)}).outputs]
    assert others == {"which": True, "a": 1, "b": None}


def test_a_raw_link_arrives_as_comfyui_writes_links() -> None:
    assert called(Base, {"value": Link("4", 1)}).outputs == (["4", 1], {})


class TakesLists(Base):
    INPUT_IS_LIST = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",)}, "hidden": {"i": "UNIQUE_ID"}}

    def run(self, value: Any = 1, **others: Any) -> Any:
        return ((value, others),)


def test_a_node_that_takes_lists_gets_hidden_inputs_as_lists_too() -> None:
    assert called(TakesLists, {"value": [1, 2]}).outputs == (([1, 2], {"i": ["1"]}),)


class Async(Base):
    async def run(self, value: Any = 1, **others: Any) -> Any:
        await asyncio.sleep(0)
        call = get_executing_context()
        return ((value, call.node_id if call else None),)


def test_an_async_function_is_awaited() -> None:
    kind = adapted(Async)
    assert kind.spec.lane == "async"

    async def run() -> Returned:
        returned = kind.call({"value": 2}, context("5"))
        assert not isinstance(returned, Returned)
        return await returned

    assert asyncio.run(run()).outputs == ((2, "5"),)
    assert get_executing_context() is None
