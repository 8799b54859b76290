"""Widget values by position, as UI files keep them, and by name, as everything else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.declare.spec import MISSING, type_name
from engine.graph.dynamic_inputs import DYNAMIC_CHOICE, written_out
from engine.graph.json_text import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.declare.spec import InputSpec, NodeSpec

WIDGET_TYPES = frozenset(
    {
        "INT", "FLOAT", "STRING", "BOOLEAN", "COMBO", DYNAMIC_CHOICE,
        "BOUNDING_BOX", "BOUNDING_BOXES", "CAMERA_INFO_STATE", "COLOR", "COLORS", "CURVE",
        "IMAGECOMPARE", "MARKDOWN", "RANGE", "RESOLUTION_PREVIEW", "VIDEO_EDIT",
    }
)  # fmt: skip
"""Wire types for which the editor shows a widget."""
CONTROLS = ("fixed", "increment", "decrement", "randomize", "increment-wrap")
"""What may become of a seed after a run; the older `true` and `false` stand there too."""
_SEED_NAMES = frozenset({"seed", "noise_seed"})
_UPLOADS = {"image_upload": 1, "animated_image_upload": 1, "video_upload": 1, "audio_upload": 2}
_BLANK: Mapping[str, Any] = {"INT": 0, "FLOAT": 0.0, "STRING": "", "BOOLEAN": False}


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One place in `widgets_values`.

    Attributes:
        name: The input's name; for the slots that are the editor's own, that of their owner.
        role: `value` reaches the node. `control` says what becomes of a seed after a run, `filter`
            narrows a choice, `upload` is a button: they are the editor's own.
        spec: The input.
    """

    name: str
    role: Literal["value", "control", "filter", "upload"]
    spec: InputSpec


def has_widget(spec: InputSpec) -> bool:
    """Tell whether the editor shows a widget for an input."""
    if spec.section == "hidden" or spec.options.get("forceInput"):
        return False
    return _widget_type(spec) in WIDGET_TYPES


def slots(inputs: Sequence[InputSpec], values: Mapping[str, Any]) -> Iterator[Slot]:
    """Yield the places of `widgets_values` in order.

    Args:
        inputs: What the kind of node declares.
        values: Values by name, which dynamic choices look at; may be filled during the iteration.
    """
    uploads: list[Slot] = []
    for spec in written_out(inputs, values):
        if not has_widget(spec):
            continue
        yield Slot(name=spec.name, role="value", spec=spec)
        if _has_control(spec):
            yield Slot(name=spec.name, role="control", spec=spec)
            if _is_choice(spec):
                yield Slot(name=spec.name, role="filter", spec=spec)
        count = sum(more for option, more in _UPLOADS.items() if spec.options.get(option))
        uploads.extend([Slot(name=spec.name, role="upload", spec=spec)] * count)
    yield from uploads


def by_name(inputs: Sequence[InputSpec], values: Sequence[Any]) -> tuple[dict[str, Any], list[Any]]:
    """Return widget values by name, and those that no widget takes.

    Missing values at the end, and null where a value should be, are left out of the result.

    Args:
        inputs: What the kind of node declares.
        values: In the order of the widgets.
    """
    remaining = _without_forced(inputs, values)
    named: dict[str, Any] = {}
    position = 0
    for slot in slots(inputs, named):
        if position >= len(remaining):
            break
        if slot.role == "control" and not _is_control(remaining[position]):
            if len(remaining) <= _count(inputs, named, without="control"):
                continue
        elif slot.role == "value" and remaining[position] is not None:
            named[slot.name] = remaining[position]
        position += 1
    return named, list(remaining[position:])


def by_position(inputs: Sequence[InputSpec], values: Mapping[str, Any]) -> list[Any]:
    """Return values by name as `widgets_values`, with defaults where a name is missing."""
    fixed = {"control": "fixed", "filter": "", "upload": "image"}
    return [
        values.get(slot.name, default_of(slot.spec)) if slot.role == "value" else fixed[slot.role]
        for slot in slots(inputs, values)
    ]


def default_of(spec: InputSpec) -> Any:
    """Return the value that the editor starts with."""
    if spec.default is not MISSING:
        return spec.default
    options: Any = spec.options.get("options") if isinstance(spec.type, str) else spec.type
    if options:
        first: Any = options[0]
        return mapping(first).get("key", first)
    return _BLANK.get(_widget_type(spec))


def widgets(spec: NodeSpec, values: Mapping[str, Any]) -> Iterator[InputSpec]:
    """Yield the inputs that have widgets, in order, those included that a choice brings."""
    return (one for one in written_out(spec.inputs, values) if has_widget(one))


def _widget_type(spec: InputSpec) -> str:
    return type_name(spec.options.get("widgetType", spec.type))


def _is_choice(spec: InputSpec) -> bool:
    return type_name(spec.type) == "COMBO"


def _has_control(spec: InputSpec) -> bool:
    asked = spec.options.get("control_after_generate")
    if type_name(spec.type) == "INT":
        return spec.name in _SEED_NAMES if asked is None else bool(asked)
    return bool(asked) and (_is_choice(spec) or type_name(spec.type) == "FLOAT")


def _is_control(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value in CONTROLS)


def _count(inputs: Sequence[InputSpec], values: Mapping[str, Any], *, without: str) -> int:
    return sum(slot.role != without for slot in slots(inputs, values))


def _without_forced(inputs: Sequence[InputSpec], values: Sequence[Any]) -> Sequence[Any]:
    forced: list[bool] = []
    for spec in inputs:
        if spec.section != "hidden" and (has_widget(spec) or spec.options.get("forceInput")):
            forced.append(not has_widget(spec))
            forced.extend([False] * _has_control(spec))
    if len(forced) != len(values):
        return values
    return [value for value, drop in zip(values, forced, strict=True) if not drop]
