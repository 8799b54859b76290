"""Whether a link may join two sockets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.declare.spec import SocketType

_ANY = "*"
_TEMPLATE = "COMFY_MATCHTYPE_V3"


def types_match(received: SocketType, declared: SocketType) -> bool:
    """Tell whether an output's type may go into an input.

    Types are compared with `!=` of the objects themselves first, because packs use subclasses of
    `str` that never differ from anything. Lists of types (`"INT,FLOAT"`) match where they share
    one, `*` and types that a template decides match everything.

    Args:
        received: Of the output.
        declared: Of the input.
    """
    if not (received != declared):  # noqa: SIM202 - `==` may say something else
        return True
    if not isinstance(received, str) or not isinstance(declared, str):
        return False
    offered, wanted = _parts(received), _parts(declared)
    return bool(offered & wanted) or not {_ANY, _TEMPLATE}.isdisjoint(offered | wanted)


def type_text(kind: SocketType) -> str:
    """Return a type as messages write it."""
    if isinstance(kind, str):
        return str.__str__(kind)
    return "a choice of " + ", ".join(map(str, kind[:5])) + (", ..." if len(kind) > 5 else "")  # noqa: PLR2004


def _parts(kind: str) -> frozenset[str]:
    return _split(str.__str__(kind))


@lru_cache(maxsize=1024)
def _split(kind: str) -> frozenset[str]:
    return frozenset(part.strip() for part in kind.split(","))
