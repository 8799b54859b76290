"""Signatures of node functions, read into parameters and outputs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING as NO_FIELD_DEFAULT
from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from engine.declare.annotation import (
    Annotation,
    dataclasses_of,
    members,
    take_apart,
    wire_type,
)
from engine.declare.context import Context
from engine.declare.docstring import Words, read_docstring
from engine.declare.parameters import AUTOGROW, COMBO, Dependent, Growing, Option, Parameter, Plain
from engine.declare.spec import MISSING, Blocker, InputSpec, OutputSpec, Section, type_name
from engine.declare.types import Autogrow, Output, Shown
from engine.declare.widgets import (
    Choice,
    Hidden,
    Input,
    InputFile,
    Number,
    SavedName,
    Seed,
    Text,
    Toggle,
)
from engine.errors import DeclarationError
from engine.graph.model import Link, Subgraph

Widget = Number | Seed | Text | Toggle | Choice | InputFile | SavedName
WIDGETS = (Number, Seed, Text, Toggle, Choice, InputFile, SavedName)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a parameter stands, for names on the wire and for messages.

    Attributes:
        name: The Python name.
        wire: The name on the wire.
        owner: The function or dataclass, as messages name it.
        words: The owner's docstring.
    """

    name: str
    wire: str
    owner: str
    words: Words

    def __str__(self) -> str:
        return f"parameter {self.name!r} of {self.owner}"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a function's signature declares.

    Attributes:
        parameters: Those that workflows set, in order.
        context: The name of the parameter that takes the context.
        hidden: What the engine supplies, by parameter name.
        outputs: In slot order.
        several: The function returns a tuple, one value for each output.
    """

    parameters: tuple[Parameter, ...]
    context: str | None
    hidden: Mapping[str, str]
    outputs: tuple[OutputSpec, ...]
    several: bool


def read_signature(function: Callable[..., Any], words: Words) -> Signature:
    """Return what a function's signature declares.

    Raises:
        DeclarationError: The signature is not one of a node.
    """
    owner = f"{function.__module__}.{function.__qualname__}"
    hints = _hints(function, owner)
    parameters: list[Parameter] = []
    context: str | None = None
    hidden: dict[str, str] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise DeclarationError(
                f"parameter {name!r} of {owner} is not keyword-only",
                expected="a bare * before the first parameter, and no *args or **kwargs",
            )
        annotation = _annotation(hints, name, owner)
        default = MISSING if parameter.default is parameter.empty else parameter.default
        if annotation.base is Context:
            context = name
        elif (marker := annotation.mark(Hidden)) and marker.marker:
            hidden[name] = marker.marker
        else:
            place = Place(name=name, wire=name, owner=owner, words=words)
            parameters.append(_parameter(place, annotation, default))
    outputs, several = _outputs(hints, owner)
    return Signature(
        parameters=tuple(parameters),
        context=context,
        hidden=hidden,
        outputs=outputs,
        several=several,
    )


def _hints(documented: Any, owner: str) -> dict[str, Any]:
    try:
        return get_type_hints(documented, include_extras=True)
    except NameError as error:
        raise DeclarationError(
            f"the annotations of {owner} cannot be read: {error}",
            expected="types that are defined in the module, above, and not only for TYPE_CHECKING",
        ) from error


def _annotation(hints: Mapping[str, Any], name: str, owner: str) -> Annotation:
    if name not in hints:
        raise DeclarationError(f"parameter {name!r} of {owner} has no type")
    return take_apart(hints[name])


def _parameter(place: Place, annotation: Annotation, default: Any) -> Parameter:
    if annotation.optional and default is MISSING:
        raise DeclarationError(f"{place} may be None and has no default", expected="= None")
    classes = dataclasses_of(annotation)
    if classes:
        return _dependent(place, annotation, classes, default)
    if grow := annotation.mark(Autogrow):
        return _growing(place, annotation, grow)
    choice = annotation.mark(Choice)
    return Plain(
        name=place.name,
        spec=_input(place, annotation, default),
        choice=choice if choice is not None and choice.dynamic and not choice.folder else None,
        has_default=default is not MISSING,
    )


def _input(
    place: Place, annotation: Annotation, default: Any, kind: str | None = None
) -> InputSpec:
    options: dict[str, Any] = {}
    for mark in annotation.marks:
        if isinstance(mark, WIDGETS):
            options.update(_as_floats(mark) if annotation.base is float else mark.options())
    options |= _tooltip(place)
    given = annotation.mark(Input) or Input()
    optional = given.optional or annotation.optional
    if optional and default is MISSING:
        raise DeclarationError(f"{place} may be left out and has no default")
    if isinstance(annotation.base, UnionType):
        options["widgetType"] = "FLOAT" if float in members(annotation.base) else "STRING"
    if annotation.gather and isinstance(default, list):
        default = next(iter(cast("list[Any]", default)), MISSING)
    file = annotation.mark(Choice) or annotation.mark(InputFile)
    return InputSpec(
        name=place.wire,
        type=kind or wire_type(annotation, str(place)),
        section=_section(annotation, optional=optional),
        default=MISSING if default is None or kind else default,
        lazy=annotation.lazy or annotation.base is Link,
        gather=annotation.gather,
        raw_link=annotation.base is Link,
        folder=file.folder if file else None,
        saved_name=annotation.mark(SavedName) is not None,
        options={**options, **given.options()},
    )


def _as_floats(widget: Widget) -> Mapping[str, Any]:
    """Return a widget's options with all numbers as floats that a float can say exactly.

    Python keeps one annotation for `Number(0, 1)` and `Number(0.0, 1.0)`, which are equal: without
    this, whichever module was loaded first would decide what editors are told.
    """
    return {
        name: float(value) if type(value) is int and int(float(value)) == value else value
        for name, value in widget.options().items()
    }


def _section(annotation: Annotation, *, optional: bool) -> Section:
    if annotation.mark(Hidden):
        return "hidden"
    return "optional" if optional else "required"


def _tooltip(place: Place) -> dict[str, str]:
    return {"tooltip": words} if (words := place.words.entries.get(place.name)) else {}


def _dependent(
    place: Place, annotation: Annotation, classes: tuple[type, ...], default: Any
) -> Dependent:
    options = tuple(_option(place, one) for one in classes)
    if len({option.key for option in options}) < len(options):
        raise DeclarationError(f"{place} has two choices with the same key")
    return Dependent(
        name=place.name,
        spec=_input(place, annotation, default, COMBO),
        options=options,
        has_default=default is not MISSING,
    )


def _option(place: Place, made: Any) -> Option:
    owner = f"{made.__module__}.{made.__qualname__}"
    if not made.__dataclass_params__.frozen:
        raise DeclarationError(f"{owner}, a choice of {place}, is not frozen")
    hints, words = _hints(made, owner), read_docstring(made)
    inner: list[Parameter] = []
    for field in fields(made):
        at = Place(name=field.name, wire=f"{place.wire}.{field.name}", owner=owner, words=words)
        default = field.default
        default = MISSING if default is NO_FIELD_DEFAULT else default
        inner.append(_parameter(at, take_apart(hints[field.name]), default))
    return Option(key=_key(made), make=made, fields=tuple(inner))


def _key(made: type) -> str:
    key: Any = vars(made).get("key")
    if isinstance(key, str):
        return key
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", made.__name__).lower()


def _growing(place: Place, annotation: Annotation, grow: Autogrow) -> Growing:
    origin, arguments = get_origin(annotation.base), get_args(annotation.base)
    by_name = origin is Mapping
    if not by_name and (origin is not tuple or arguments[1:] != (...,)):
        raise DeclarationError(f"{place} cannot grow", expected="tuple[T, ...] or Mapping[str, T]")
    prefix = grow.prefix or place.name.removesuffix("s")
    inner = take_apart(arguments[1 if by_name else 0])
    slot = Place(name=place.name, wire=prefix, owner=place.owner, words=Words())
    return Growing(
        name=place.name,
        spec=InputSpec(
            name=place.wire,
            type=AUTOGROW,
            section="required" if grow.min else "optional",
            options=_tooltip(place),
        ),
        template=_input(slot, inner, MISSING),
        least=grow.min,
        most=grow.max,
        by_name=by_name,
    )


def _outputs(hints: Mapping[str, Any], owner: str) -> tuple[tuple[OutputSpec, ...], bool]:
    if "return" not in hints:
        raise DeclarationError(f"{owner} says nothing about what it returns")
    returned = members(hints["return"])
    plain = [get_args(one)[0] if get_origin(one) is Shown else one for one in returned]
    values = [one for one in plain if one not in {Subgraph, Blocker, type(None)}]
    if not values:
        return (), False
    if len(values) == 1 and _is_named_tuple(values[0]):
        return _fields(values[0]), True
    union = values[0]
    for one in values[1:]:
        union = union | one
    return (_output(take_apart(union), None, Words(), f"what {owner} returns"),), False


def _is_named_tuple(returned: Any) -> bool:
    return isinstance(returned, type) and hasattr(returned, "_fields")


def _fields(made: Any) -> tuple[OutputSpec, ...]:
    owner = f"{made.__module__}.{made.__qualname__}"
    hints, words = _hints(made, owner), read_docstring(made)
    return tuple(
        _output(take_apart(hints[name]), name, words, f"field {name!r} of {owner}")
        for name in made._fields
    )


def _output(annotation: Annotation, name: str | None, words: Words, where: str) -> OutputSpec:
    kind = wire_type(annotation, where)
    told = annotation.mark(Output) or Output()
    written = type_name(kind)
    fallback = written if name is None or name.upper() == written else name
    return OutputSpec(
        name=told.name or fallback,
        type=kind,
        is_list=annotation.gather,
        tooltip=told.tooltip or words.entries.get(name or ""),
    )


def section_order(spec: InputSpec) -> int:
    """Return the place of an input's section: required, optional, hidden."""
    sections: tuple[Section, ...] = ("required", "optional", "hidden")
    return sections.index(spec.section)
