from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, cast

import pytest

from engine import (
    Autogrow,
    Context,
    Graph,
    Hidden,
    InputError,
    Node,
    Number,
    Registry,
    Returned,
    Socket,
    node,
)
from engine.declare.function import FunctionNode, node_type_of
from engine.graph.validate import validate

NO_CONTEXT = cast("Context", None)
Image = Annotated[object, Socket("IMAGE")]


def made(function: Callable[..., Any]) -> FunctionNode:
    kind = node_type_of(function)
    assert kind is not None
    return kind


def called(function: Callable[..., Any], **inputs: Any) -> Returned:
    returned = made(function).call(inputs, NO_CONTEXT)
    assert isinstance(returned, Returned)
    return returned


@dataclass(frozen=True)
class ScaleBy:
    """Scale by a factor.

    Attributes:
        factor: How much larger.
    """

    factor: Annotated[float, Number(0.1, 8)] = 2.0


@dataclass(frozen=True)
class Crop:
    """Cut out."""

    key: ClassVar[str] = "cut out"
    width: int
    height: int = 3


def problems(kind: str, function: Callable[..., Any], **inputs: Any) -> dict[str | None, str]:
    """Validate one node; `image` may be anything."""
    graph = Graph({"1": Node("1", kind, {"image": "any", **inputs})})
    found = validate(graph, Registry.of(function), ["1"]).problems
    return {one.input: one.kind for one in found}


@node("Resize")
def resize(*, image: Image, how: ScaleBy | Crop) -> Image:
    return (image, how)


def test_a_union_of_dataclasses_is_a_choice_with_inputs_of_its_own() -> None:
    how = made(resize).input("how")
    assert how is not None
    assert how.type == "COMFY_DYNAMICCOMBO_V3"
    tooltip = {"tooltip": "How much larger."}
    factor = ["FLOAT", {"default": 2.0, "min": 0.1, "max": 8, **tooltip}]
    assert how.options["options"] == [
        {"key": "scale_by", "inputs": {"required": {"factor": factor}}},
        {
            "key": "cut out",
            "inputs": {"required": {"width": ["INT"], "height": ["INT", {"default": 3}]}},
        },
    ]
    inner = made(resize).input("how.factor")
    assert inner is not None
    assert inner.options["min"] == 0.1


def test_dotted_inputs_become_an_instance() -> None:
    given = {"image": 1, "how": "cut out", "how.width": 5}
    assert called(resize, **given).outputs == ((1, Crop(5, 3)),)
    assert called(resize, image=1, how="scale_by").outputs == ((1, ScaleBy(2.0)),)
    with pytest.raises(InputError, match="no such choice"):
        called(resize, image=1, how="twist")


def test_validation_sees_into_dependent_inputs() -> None:
    assert problems("Resize", resize, how="cut out", **{"how.height": 3}) == {
        "how.width": "required_input_missing"
    }
    assert problems("Resize", resize, how="scale_by", **{"how.factor": 9.0}) == {
        "how.factor": "value_bigger_than_max"
    }
    assert problems("Resize", resize, how="twist") == {"how": "value_not_in_list"}


@node("Batch")
def batch(*, images: Annotated[tuple[Image, ...], Autogrow(2, 4)]) -> Any:
    return images


def test_a_growing_input_takes_numbered_slots() -> None:
    kind = made(batch)
    (spec,) = kind.spec.inputs
    assert spec.type == "COMFY_AUTOGROW_V3"
    template = {"input": {"required": {"image": ["IMAGE"]}}, "prefix": "image", "min": 2, "max": 4}
    assert spec.options == {"template": template}
    slot = kind.input("images.image3")
    assert slot is not None
    assert (slot.type, slot.section) == ("IMAGE", "optional")
    assert kind.input("images.image4") is None
    assert kind.input("images.picture0") is None
    given = {"images.image2": "c", "images.image0": "a", "images.image1": "b"}
    assert called(batch, **given).outputs == (("a", "b", "c"),)


def test_validation_counts_the_slots_of_a_growing_input() -> None:
    assert problems("Batch", batch, **{"images.image0": 1}) == {
        "images.image1": "required_input_missing"
    }
    assert problems("Batch", batch, **{"images.image0": 1, "images.image1": 2}) == {}


def test_an_input_that_only_expansions_set_is_hidden() -> None:
    @node("Counted")
    def counted(*, value: int, round: Annotated[int, Hidden()] = 0) -> int:  # noqa: A002
        return value + round

    sections = {one.name: one.section for one in made(counted).spec.inputs}
    assert sections == {"value": "required", "round": "hidden"}
    assert called(counted, value=1).outputs == (1,)
    assert called(counted, value=1, round=2).outputs == (3,)


def test_a_growing_mapping_keeps_the_names_of_its_slots() -> None:
    @node("Named")
    def named(*, values: Annotated[Mapping[str, Any], Autogrow(0, 9)]) -> Any:
        return values

    given = {"values.value3": "d", "values.value1": "b"}
    assert called(named, **given).outputs == ({"value1": "b", "value3": "d"},)
