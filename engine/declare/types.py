"""What annotations of a typed node function say besides the Python type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from engine.declare.spec import Blocker
    from engine.graph.model import Subgraph

T = TypeVar("T")


class Wildcard(str):
    """A wire type that fits every other, as ComfyUI's packs write it: nothing is unequal to it.

    Link types are compared with `!=`, so it must be the right-hand side or left-hand side of that.
    """

    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        """Return False: no type differs from "any type"."""
        return False

    __eq__ = str.__eq__
    __hash__ = str.__hash__


ANY = Wildcard("*")


@dataclass(frozen=True)
class Socket:
    """The wire type of a value: `Image = Annotated[Tensor, Socket("IMAGE")]`.

    Attributes:
        type: As ComfyUI writes it; several that are taken alike are joined by commas.
    """

    type: str


@dataclass(frozen=True)
class Autogrow:
    """A variable number of inputs: `images: Annotated[tuple[Image, ...], Autogrow(2, 10)]`.

    On the wire the slots are `images.image0`, `images.image1`, ...; the function gets a tuple of
    those that are there, or, annotated as `Mapping[str, Image]`, the values by slot name.

    Attributes:
        min: The first so many must be given.
        max: At most so many can be given; 100 is the largest.
        prefix: Name of a slot without its number; the parameter's name without a final "s" when
            left out.
    """

    min: int = 1
    max: int = 50
    prefix: str | None = None


@dataclass(frozen=True)
class Output:
    """Name and tooltip of an output that should not go by its field's name.

    Attributes:
        name: What the editor writes beside the socket.
        tooltip: One sentence for the editor.
    """

    name: str | None = None
    tooltip: str | None = None


class Lazy(Generic[T]):
    """An input that is computed only when it is awaited. Nodes that take one are `async`.

    Args:
        fetch: Computes the value, at each call.
    """

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Awaitable[T]]) -> None:
        self._fetch = fetch

    @classmethod
    def of(cls, value: T) -> Lazy[T]:
        """Return a lazy input whose value is there already."""

        async def fetch() -> T:
            return value

        return cls(fetch)

    def __await__(self) -> Generator[Any, Any, T]:
        """Compute the value."""
        return self._fetch().__await__()


@dataclass(frozen=True, kw_only=True)
class Shown(Generic[T]):
    """What a node returns that shows something in the editor.

    Attributes:
        ui: Lists by key; `images` holds `{"filename", "subfolder", "type"}`, `text` strings.
        value: What the node would return otherwise; None for a node without outputs.
    """

    ui: Mapping[str, list[Any]]
    value: T | Subgraph | Blocker = field(default=None)  # pyright: ignore[reportAssignmentType]
