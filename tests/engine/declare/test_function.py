from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, cast

import pytest

from engine import (
    MISSING,
    Blocker,
    Choice,
    Context,
    Hidden,
    Input,
    InputError,
    InputFile,
    Lazy,
    Link,
    Node,
    Number,
    Output,
    Returned,
    Seed,
    Shown,
    Socket,
    Subgraph,
    Text,
    node,
)
from engine.declare.function import FunctionNode, node_type_of

if TYPE_CHECKING:
    from collections.abc import Callable

NO_CONTEXT = cast("Context", None)
Image = Annotated[object, Socket("IMAGE")]
Conditioning = Annotated[list[list[Any]], Socket("CONDITIONING")]
Mask = Annotated[object, Socket("MASK")]
colours = ["red", "green"]


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
    assert made(everything).fingerprint({}, NO_CONTEXT) is None


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
