"""Annotations of node functions, read into wire types."""

from __future__ import annotations

import types
from dataclasses import dataclass, is_dataclass
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
)

from engine.declare.types import ANY, Lazy, Socket
from engine.declare.widgets import Choice, InputFile
from engine.errors import DeclarationError
from engine.graph.model import Link

if TYPE_CHECKING:
    from engine.declare.spec import SocketType

T = TypeVar("T")

_BASIC: dict[Any, SocketType] = {
    int: "INT",
    float: "FLOAT",
    str: "STRING",
    bool: "BOOLEAN",
    Any: ANY,
    Link: ANY,
}


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """An annotation, taken apart.

    Attributes:
        base: The Python type without the markers.
        marks: The markers, the outermost first.
        optional: `None` is among the types.
        lazy: It was `Lazy[...]`.
        gather: It was `list[...]`.
    """

    base: Any
    marks: tuple[Any, ...] = ()
    optional: bool = False
    lazy: bool = False
    gather: bool = False

    def mark(self, kind: type[T]) -> T | None:
        """Return the marker of a kind, if there is one."""
        return next((mark for mark in self.marks if isinstance(mark, kind)), None)


def members(annotation: Any) -> tuple[Any, ...]:
    """Return the types of a union, or the type itself alone."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return get_args(annotation)
    return (annotation,)


def take_apart(annotation: Any) -> Annotation:
    """Return the parts of an annotation, from outside to inside.

    What a `Socket` marks is left whole: a list there is a value, not several.
    """
    marks: list[Any] = []
    found = {"optional": False, "lazy": False, "gather": False}
    while True:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            marks.extend(annotation.__metadata__)
            annotation = arguments[0]
            if any(isinstance(mark, Socket) for mark in marks):
                break
        elif type(None) in members(annotation) and len(members(annotation)) > 1:
            found["optional"] = True
            rest = tuple(one for one in members(annotation) if one is not type(None))
            annotation = rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time
        elif origin is Lazy or origin is list:
            found["lazy" if origin is Lazy else "gather"] = True
            annotation = arguments[0]
        else:
            break
    return Annotation(base=annotation, marks=tuple(marks), **found)


def dataclasses_of(annotation: Annotation) -> tuple[type, ...]:
    """Return the frozen dataclasses that an input chooses between; none for other inputs."""
    classes = members(annotation.base)
    if annotation.mark(Socket) or not all(is_dataclass(one) for one in classes):
        return ()
    return () if classes == (Link,) else cast("tuple[type, ...]", classes)


def wire_type(annotation: Annotation, where: str) -> SocketType:
    """Return the wire type that an annotation stands for.

    Args:
        annotation: Taken apart.
        where: Names the place in the message of an error.

    Raises:
        DeclarationError: It stands for none.
    """
    if socket := annotation.mark(Socket):
        return socket.type
    if choice := annotation.mark(Choice):
        return choice.listed() or "COMBO"
    if annotation.mark(InputFile):
        return "COMBO"
    if get_origin(annotation.base) is Literal:
        return get_args(annotation.base)
    kinds = [_basic(one, where) for one in members(annotation.base)]
    return kinds[0] if len(kinds) == 1 else ",".join(str(kind) for kind in kinds)


def _basic(base: Any, where: str) -> SocketType:
    if get_origin(base) is Annotated:
        return wire_type(take_apart(base), where)
    try:
        return _BASIC[base]
    except (KeyError, TypeError):
        raise DeclarationError(
            f"{where} has no wire type for {base!r}",
            expected="int, float, str, bool, Any, Literal[...], a union of frozen dataclasses, "
            'or Annotated[TYPE, Socket("NAME")]',
        ) from None
