from __future__ import annotations

import asyncio
from collections.abc import Mapping  # noqa: TC003 - annotations of nodes are read at run time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, cast

import pytest

from engine import (
    MISSING,
    Autogrow,
    Blocker,
    Choice,
    Context,
    DeclarationError,
    Graph,
    Hidden,
    Input,
    InputError,
    InputFile,
    Lazy,
    Link,
    Node,
    Number,
    Output,
    Registry,
    Returned,
    Seed,
    Shown,
    Socket,
    Subgraph,
    Text,
    node,
)
from engine.declare.function import FunctionNode, node_type_of
from engine.graph.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable

NO_CONTEXT = cast("Context", None)
Image = Annotated[object, Socket("IMAGE")]
Conditioning = Annotated[list[list[Any]], Socket("CONDITIONING")]
Mask = Annotated[object, Socket("MASK")]
colours = ["red", "green"]


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


class Both(NamedTuple):
    """Two outputs.

    Attributes:
        image: The picture.
        size: Its size.
    """

    image: Image
    size: int


def made(function: Callable[..., Any]) -> FunctionNode:
    kind = node_type_of(function)
    assert kind is not None
    return kind


def called(function: Callable[..., Any], **inputs: Any) -> Returned:
    returned = made(function).call(inputs, NO_CONTEXT)
    assert isinstance(returned, Returned)
    return returned


def problems(kind: str, function: Callable[..., Any], **inputs: Any) -> dict[str | None, str]:
    """Validate one node; `image` may be anything."""
    graph = Graph({"1": Node("1", kind, {"image": "any", **inputs})})
    found = validate(graph, Registry.of(function), ["1"]).problems
    return {one.input: one.kind for one in found}


@node("Everything", category="a/b", title="All of It", search_aliases=("sum",))
def everything(
    *,
    image: Image,
    conditioning: Conditioning,
    seed: Annotated[int, Seed()] = 0,
    steps: Annotated[int, Number(1, 100)] = 20,
    text: Annotated[str, Text(multiline=True, dynamic_prompts=True)],
    colour: Annotated[str, Choice(lambda: colours)] = "red",
    method: Literal["nearest", "area"] = "area",
    file: Annotated[str, InputFile()],
    weights: Annotated[str, Choice(folder="checkpoints")],
    all_of: list[int],
    extra: Annotated[int, Number(0, 9), Input(optional=True, force_input=True)] = 3,
    maybe: Mask | None = None,
    any_number: int | float = 1,
    prompt: Annotated[Any, Hidden("PROMPT")] = None,
    context: Context,
) -> Both:
    """Do everything.

    In two paragraphs.

    Args:
        seed: Where chance
            begins.
        steps: How long.
    """
    del seed, text, colour, method, file, weights, extra, maybe, any_number, prompt, context
    return Both(image, steps + len(conditioning) + sum(all_of))


def test_a_decorated_function_stays_a_plain_function() -> None:
    @node("Twice")
    def twice(*, value: int) -> int:
        return 2 * value

    assert twice(value=4) == 8


def test_inputs_are_ordered_by_section_and_then_as_written() -> None:
    names = [one.name for one in made(everything).spec.inputs]
    required = "image conditioning seed steps text colour method file weights all_of any_number"
    assert names == [*required.split(), "extra", "maybe", "prompt"]


def test_each_annotation_gives_its_wire_type() -> None:
    types = {one.name: one.type for one in made(everything).spec.inputs}
    assert types == {
        "image": "IMAGE",
        "conditioning": "CONDITIONING",
        "seed": "INT",
        "steps": "INT",
        "text": "STRING",
        "colour": ("red", "green"),
        "method": ("nearest", "area"),
        "file": "COMBO",
        "weights": "COMBO",
        "all_of": "INT",
        "extra": "INT",
        "maybe": "MASK",
        "any_number": "INT,FLOAT",
        "prompt": "PROMPT",
    }


def test_widgets_tooltips_and_folders_reach_the_declaration() -> None:
    inputs = {one.name: one for one in made(everything).spec.inputs}
    assert inputs["seed"].options == {
        "min": 0,
        "max": 2**64 - 1,
        "control_after_generate": True,
        "tooltip": "Where chance begins.",
    }
    assert inputs["text"].options == {"multiline": True, "dynamicPrompts": True}
    assert inputs["file"].folder == "input"
    assert inputs["file"].options == {"image_upload": True}
    assert inputs["weights"].folder == "checkpoints"
    assert inputs["extra"].options == {"min": 0, "max": 9, "forceInput": True}
    assert inputs["extra"].default == 3
    assert inputs["maybe"].default is MISSING
    assert inputs["all_of"].gather
    assert not inputs["conditioning"].gather


def test_choices_of_a_function_are_asked_for_anew() -> None:
    colours.append("blue")
    try:
        declared = made(everything).input("colour")
        assert declared is not None
        assert declared.type == ("red", "green", "blue")
    finally:
        colours.remove("blue")


def test_fields_of_a_named_tuple_are_the_outputs() -> None:
    spec = made(everything).spec
    assert [(one.name, one.type, one.tooltip) for one in spec.outputs] == [
        ("IMAGE", "IMAGE", "The picture."),
        ("size", "INT", "Its size."),
    ]
    assert spec.description == "Do everything.\n\nIn two paragraphs."
    assert (spec.title, spec.category, spec.search_aliases) == ("All of It", "a/b", ("sum",))


def test_a_call_leaves_defaults_to_the_function() -> None:
    given = {"image": "i", "conditioning": [1], "text": "", "file": "f", "weights": "w"}

    class Run:
        prompt: ClassVar[dict[str, Any]] = {}

    returned = made(everything).call({**given, "all_of": [1, 2]}, cast("Context", Run()))
    assert returned == Returned(outputs=("i", 24))


def test_a_missing_input_without_default_is_named() -> None:
    @node("Need")
    def need(*, value: int) -> int:
        return value

    with pytest.raises(InputError, match="missing") as caught:
        called(need)
    assert caught.value.problem.input == "value"


def test_an_unknown_extra_input_is_not_passed_on() -> None:
    @node("Plain")
    def plain(*, value: int) -> int:
        return value

    assert called(plain, value=1, other=2).outputs == (1,)


def test_lists_in_the_output_are_lists_of_the_slot() -> None:
    @node("Numbers")
    def numbers(*, count: int) -> Annotated[list[int], Output("numbers")]:
        return list(range(count))

    (output,) = made(numbers).spec.outputs
    assert (output.name, output.type, output.is_list) == ("numbers", "INT", True)
    assert called(numbers, count=2).outputs == ([0, 1],)


def test_what_a_node_shows_comes_with_its_value() -> None:
    @node("Show", output=True)
    def show(*, value: int) -> Shown[int]:
        return Shown(ui={"text": [str(value)]}, value=value)

    @node("ShowOnly", output=True)
    def show_only(*, value: int) -> Shown[None]:
        return Shown(ui={"text": [str(value)]})

    assert called(show, value=1) == Returned(outputs=(1,), ui={"text": ["1"]})
    assert called(show_only, value=1) == Returned(outputs=(), ui={"text": ["1"]})
    assert made(show_only).spec.outputs == ()
    assert made(show_only).spec.is_output


def test_a_blocker_blocks_all_outputs_and_a_subgraph_expands() -> None:
    graph = Subgraph(nodes={"a": Node("a", "X")}, outputs=(Link("a", 0),))

    @node("Decide")
    def decide(*, how: str) -> int | Blocker | Subgraph:
        return Blocker("no") if how == "block" else graph

    assert called(decide, how="block").outputs == Blocker("no")
    assert called(decide, how="expand") == Returned(outputs=(Link("a", 0),), expand=graph)
    assert len(made(decide).spec.outputs) == 1


def test_lazy_inputs_are_awaited() -> None:
    @node("Pick")
    async def pick(*, first: bool, one: Lazy[int], other: Lazy[int] | None = None) -> int:
        chosen = one if first else other
        return await chosen if chosen else -1

    kind = made(pick)
    lazy = {one.name: (one.lazy, one.section) for one in kind.spec.inputs}
    assert lazy["one"] == (True, "required")
    assert lazy["other"] == (True, "optional")
    assert kind.spec.lane == "async"

    async def never() -> int:
        raise AssertionError("computed")

    async def run(**inputs: Any) -> Returned:
        returned = kind.call(inputs, NO_CONTEXT)
        assert not isinstance(returned, Returned)
        return await returned

    given = Lazy(never)
    assert asyncio.run(run(first=True, one=5, other=given)).outputs == (5,)
    assert asyncio.run(run(first=False, one=given)).outputs == (-1,)


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


def test_a_link_parameter_gets_the_link_itself() -> None:
    @node("Follow")
    def follow(*, back: Link) -> int:
        return back.slot

    (spec,) = made(follow).spec.inputs
    assert (spec.lazy, spec.raw_link, spec.type) == (True, True, "*")
    assert made(follow).spec.lane == "device"
    assert called(follow, back=Link("1", 2)).outputs == (2,)


def test_a_fingerprint_gets_what_it_names() -> None:
    @node("Printed", fingerprint=lambda *, value: value * 2)
    def printed(*, value: int, other: int) -> int:
        return value + other

    assert made(printed).fingerprint({"value": 2, "other": 3}, NO_CONTEXT) == 4
    assert made(resize).fingerprint({}, NO_CONTEXT) is None


def test_code_in_another_version_has_another_fingerprint() -> None:
    def declare(version: str) -> str:
        @node("Versioned", version=version)
        def versioned(*, value: int) -> int:
            return value

        return made(versioned).code

    assert declare("") == declare("") != declare("2")


def test_any_type_differs_from_no_other_type() -> None:
    @node("Any")
    def anything(*, value: Any) -> Any:
        return value

    (taken,) = made(anything).spec.inputs
    assert not taken.type != "IMAGE"  # noqa: SIM202 - links are compared with != only
    assert not "IMAGE" != taken.type  # noqa: SIM202, SIM300
    assert taken.type == "*"


def test_wrong_declarations_say_what_is_wrong() -> None:
    def positional(value: int) -> int:
        return value

    def untyped(*, value) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
        return value

    def no_return(*, value: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return value

    def strange(*, value: complex) -> int:
        return int(value.real)

    def none_without_default(*, value: int | None) -> int:
        return value or 0

    def lazy_but_sync(*, value: Lazy[int]) -> int:
        return id(value)

    wrong = {
        "keyword-only": positional,
        "no type": untyped,
        "what it returns": no_return,
        "no wire type": strange,
        "no default": none_without_default,
        "async def": lazy_but_sync,
    }
    for words, function in wrong.items():
        with pytest.raises(DeclarationError, match=words):
            node("Wrong")(function)


def test_a_type_that_only_the_checker_sees_is_an_error() -> None:
    def hidden(*, value: NotThere) -> int:  # type: ignore[name-defined] # noqa: F821
        return value

    with pytest.raises(DeclarationError, match="NotThere"):
        node("Hidden")(hidden)
